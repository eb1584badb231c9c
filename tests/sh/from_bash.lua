-- timeout: 120
-- The pairs of "From bash to procrun" (modules/sh/sh.md): both sides give the same output, the same
-- exit status and the same files, and leave nothing in $TMPDIR. An argument of this test is a word
-- of the titles that shall run alone.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local path = require "procrun.path"
local proc = require "procrun.proc"
local task = require "procrun.task"

example.need "bash"

local PAGE = os.getenv "FROM_BASH_PAGE" or "modules/sh/sh.md"

-- The page ----------------------------------------------------------------------------------------

-- Calls fn(line, language, what follows it, text) for each block of code of the section.
local function each_block(fn, each_title)
  local number, inside, block = 0, false, nil
  for line in io.lines(PAGE) do
    number = number + 1
    if line:find "^## " then inside = line == "## From bash to procrun" end
    if block and line == "```" then
      fn(block.line, block.language, block.rest, table.concat(block, "\n") .. "\n")
      block = nil
    elseif block then
      block[#block + 1] = line
    elseif inside and line:find "^```" then
      local language, rest = line:match "^```(%w+) ?(.*)$"
      block = { line = number, language = language, rest = rest }
    elseif inside and line:find "^%*%*" then
      each_title(line:match "^%*%*(.-)%*%*", number)
    end
  end
end

local setup, pairs_there, title, bash = {}, {}, nil, nil
each_block(function(line, language, rest, text)
  if rest == "setup" then
    setup[language] = text
  elseif language == "bash" then
    local key, value = rest:match "^([%w-]+)=(.*)$"
    assert(rest == "" or key, ("%s:%d: what is '%s'?"):format(PAGE, line, rest))
    bash = { title = assert(title), text = text, [key or 1] = value }
  elseif bash then
    bash.lua, bash.line = text, line
    table.insert(pairs_there, bash)
    bash, title = nil, nil
  end
end, function(name, line)
  assert(not title, ("%s:%d: '%s' has no pair before this"):format(PAGE, line, tostring(title)))
  title = name
end)

-- The folders -------------------------------------------------------------------------------------

local base = check.tmp "pairs"

-- Stand-ins: ssh runs the words in a shell here, sudo makes nobody of us root.
local far, hosts = example.hosts()
local bin = far.PATH:match "^[^:]+"
local STAND_INS = {
  sudo = "#!/bin/sh\n[ \"$1\" = -n ] && shift\nexec \"$@\"\n",
  hostname = "#!/bin/sh\necho \"$HOST_IS\"\n",
}
for name, text in pairs(STAND_INS) do
  assert(fs.write(bin .. "/" .. name, text, { mode = "755" }))
end

-- What is below a directory, as one text.
local function tree(dir)
  local list = {}
  for p, st in fs.walk(dir, { stat = true }) do
    local name = path.relative(dir, p)
    local what = st.type == "file" and assert(fs.read(p)) or fs.readlink(p) or ""
    list[#list + 1] = ("%q %s %o %q"):format(name, st.type, st.mode & 73, what)
  end
  return table.concat(list, "\n")
end

-- Runs one side in a fresh folder -> result, its files.
local function run_side(number, side, argv, pair)
  local dir = ("%s/%d-%s"):format(base, number, side)
  for _, name in ipairs { "work", "tmp", "home" } do assert(fs.mkdir_p(dir .. "/" .. name)) end
  proc.run("bash", { "-euc", setup.bash }, { cwd = dir .. "/work" }):check()
  for word in (pair.args or ""):gmatch "[^,]+" do argv[#argv + 1] = word end
  local r = proc.run(argv[1], { table.unpack(argv, 2) }, {
    cwd = dir .. "/work",
    env = {
      PATH = far.PATH, HOSTS = hosts, LC_ALL = "C", TZ = "UTC", HOME = dir .. "/home",
      TMPDIR = dir .. "/tmp", LUA_PATH = os.getenv "LUA_PATH",
      PROCRUN_CHECK = os.getenv "PROCRUN_CHECK",
    },
    detached = true, -- no terminal: who asks something reads its input
    input = (pair.input or ""):gsub("\\n", "\n") .. "",
    timeout = "60s",
  })
  return r, tree(dir .. "/work"), tree(dir .. "/tmp")
end

-- Why a pair cannot run here, or nil.
local function why_not(pair)
  for name in (pair.needs or ""):gmatch "[^,]+" do
    if not proc.which(name) and not STAND_INS[name] then return name .. " is not installed" end
  end
  return pair["not-run"]
end

-- What is wrong with a pair, or nil.
local function differs(number, pair)
  local strict = "set -euo pipefail\n" .. pair.text
  local b, b_files = run_side(number, "bash", { "bash", "-c", strict, "demo" }, pair)
  local script = ("%s/%d.lua"):format(base, number)
  -- One line before the block, which is moved to its line of the page.
  local prelude = setup.lua:gsub("\n", " ")
  assert(fs.write(script, ("\n"):rep(pair.line - 1) .. prelude .. "\n" .. pair.lua))
  local command = { process.exec_path, pair["lua-switch"] or "-W", script }
  local l, l_files, l_left = run_side(number, "lua", command, pair)
  local wrong = {}
  local function compare(what, left, right)
    if left ~= right then
      table.insert(wrong, ("%s\n--- bash\n%s\n--- procrun\n%s"):format(what, left, right))
    end
  end
  compare("output", b.stdout, l.stdout)
  compare("exit status", tostring(b.code or b.signal), tostring(l.code or l.signal))
  compare("files", b_files, l_files)
  compare("files left behind", "", l_left)
  if #wrong == 0 then return nil end
  return ("%s:%d: %s: %s\n--- errors of bash\n%s--- errors of procrun\n%s"):format(PAGE, pair.line,
    pair.title, table.concat(wrong, "\n"), b.stderr, l.stderr)
end

local failed, ran = 0, 0
local numbers = {}
for number, pair in ipairs(pairs_there) do
  if not arg[1] or pair.title:find(arg[1], 1, true) then numbers[#numbers + 1] = number end
end
task.map(numbers, 4, function(number)
  local pair = pairs_there[number]
  local reason = why_not(pair)
  if reason then
    print(("not run: %s: %s"):format(pair.title, reason))
    return
  end
  ran = ran + 1
  local text = differs(number, pair)
  if text then
    failed = failed + 1
    print(text)
  end
end)
print(("%d pairs, %d ran, %d differ"):format(#pairs_there, ran, failed))
assert(failed == 0)
assert(arg[1] or #pairs_there >= 60)
