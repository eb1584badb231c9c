-- options.lua - the options of the command line that look inside a program: -x, -n, --profile,
-- --trace.
-- Loaded by boot_options.lua when one of them is given.

local vm = require "procrun.core.vm"

local M = {}

local NAMES <const> = {
  profile = "FILE", ["profile-interval"] = "TIME", trace = "proc,channel", ["trace-file"] = "FILE",
}

--- read(wanted, argv, i, fail) -> the index of the last word that belongs to the option at argv[i]
function M.read(wanted, argv, i, fail)
  local option = argv[i]
  local name, value = option:match("^%-%-([%a-]+)=(.*)$")
  name = name or option:sub(3)
  if not NAMES[name] then fail("unrecognized option '%s'", option) end
  if not value then
    i = i + 1
    value = argv[i]
  end
  if not value or value == "" then
    fail("'--%s' needs a value: --%s=%s", name, name, NAMES[name])
  end
  wanted[name] = value
  return i
end

-- Workers of proc.fork get the options, too: each with a file of its own, or none.
local function pass_on(option) vm.pass_on[#vm.pass_on + 1] = option end

local function give_up(message)
  io.stderr:write("procrun: ", message, "\n")
  vm.exit(1)
end

local function start_profile(wanted)
  local interval = wanted["profile-interval"]
  local ok, profiler, message = pcall(require "procrun.procrun.profile".profile, wanted.profile,
    interval and {interval = interval})
  if not ok then give_up((profiler:gsub("^profile: interval: ", "--profile-interval: "))) end
  if not profiler then give_up(message) end
  if not wanted.profile:gsub("%%%%", ""):find("%p", 1, true) then return end
  pass_on("--profile=" .. require "procrun.path".absolute(wanted.profile))
  if interval then pass_on("--profile-interval=" .. interval) end
end

-- The first process begins the file anew, its workers add to it.
local function start_trace(wanted)
  local trace = require "procrun.procrun.trace"
  local _, wrong = trace.categories(wanted.trace)
  if wrong then give_up("--trace: " .. trace.unknown(wrong)) end
  local file = wanted["trace-file"]
  local ok, message = trace.trace(wanted.trace, file)
  if not ok then give_up(message) end
  pass_on("--trace=" .. wanted.trace)
  if not file then return end
  pass_on("--trace-file=+" .. require "procrun.path".absolute((file:gsub("^%+", ""))))
end

--- start(wanted): before anything of the script runs
function M.start(wanted)
  vm.pass_on = {}
  if wanted["-x"] or wanted["-n"] then
    require "procrun.sh.switches".start(wanted["-x"], wanted["-n"])
    if wanted["-x"] then pass_on("-x") end
    if wanted["-n"] then pass_on("-n") end
  end
  if wanted.trace then
    start_trace(wanted)
  elseif wanted["trace-file"] then
    give_up("--trace-file: --trace=CATEGORIES is missing")
  end
  if wanted.profile then
    start_profile(wanted)
  elseif wanted["profile-interval"] then
    give_up("--profile-interval: --profile=FILE is missing")
  end
end

return M
