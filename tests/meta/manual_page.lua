-- The manual page and bash's completion know the options that --help names, and no others.
local check = require "tests.lib.check"
local procrun = os.getenv("PROCRUN")

local function words_of(text, pattern)
  local set = {}
  for word in text:gmatch(pattern) do set[word] = true end
  return set
end

-- "  -l g=mod  …" and "  --config  …; --config=NAME prints …" stand for -l and --config.
local options = {}
for line in assert(io.popen(procrun .. " --help")):lines() do
  local option = line:match("^  (%-[%w-]*[=]?%w*)")
  if option then options[option] = true end
end
assert(options["-e"] and options["--config"] and options["-"] and options["--"])

local page = check.read("runtime/procrun.1"):gsub("\\fR", " "):gsub("\\f[BI]", ""):gsub("\\%-", "-")
local section = page:match("\n%.SH OPTIONS(.-)\n%.SH ")
local said = words_of(section, "%f[-%w](%-[%w-]*[=]?%l*)")
for option in pairs(options) do
  assert(said[option], option .. " is not in runtime/procrun.1")
end
for option in pairs(said) do
  local plain = option:gsub("=$", "")
  assert(options[option] or options[plain] or plain == "-version",
    option .. " is in runtime/procrun.1, and not in --help")
end

local completion = check.read("scripts/completion.bash")
local completed = words_of(completion:match('compgen %-W "(%-e .-)"'), "%S+")
for option in pairs(options) do
  assert(completed[option] or completed[option .. "="], option .. " is not completed")
end
for option in pairs(completed) do
  assert(options[option] or options[option:gsub("=$", "")], option .. " is no option")
end
