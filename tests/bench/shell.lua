-- shell.lua - procrun's sh beside zx, Bun's shell, dax, execa, plumbum and bash: what each does
-- with the same works. Run by `scripts/bench --shell`; they are in shell/, one file a library.

local format = require "tests.bench.lib.format"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local progress = require "tests.bench.lib.progress"
local task = require "procrun.task"
local timer = require "procrun.timer"

local LIMIT <const> = 12 -- seconds until one has waited long enough for 0.5 s to pass
local PATIENCE <const> = 60 -- for much work
local ROUNDS <const> = 9
local GIB <const> = 1 << 30

local root = assert(fs.cwd())
local peers = root .. "/build/peers"

-- Node looks for a library beside the script, so the scripts are copied to where npm has put it.
local function node_script(name) return peers .. "/shell-" .. name .. ".mjs" end

local SUBJECTS = {
  { name = "zx", package = "zx", run = { "node" } },
  { name = "bun", package = "bun", run = { peers .. "/node_modules/.bin/bun" } },
  { name = "dax", package = "dax", run = { "node" } },
  { name = "execa", package = "execa", run = { "node" } },
  { name = "plumbum", run = { "/usr/bin/python3", "-B", "tests/bench/shell/by_plumbum.py" },
    probe = { "/usr/bin/python3", "-c", "import plumbum; print(plumbum.__version__)" } },
  { name = "bash", run = { "bash", "tests/bench/shell/bash.sh" },
    probe = { "bash", "-c", "echo ${BASH_VERSION%%(*}" } },
  { name = "procrun", run = { process.exec_path, "tests/bench/shell/procrun.lua" },
    probe = { process.exec_path, "--version" } },
}

-- The version, or nil when the library is not here.
local function prepare(subject)
  if subject.package then
    local text = fs.read(("%s/node_modules/%s/package.json"):format(peers, subject.package))
    if not text then return nil end
    local script = node_script(subject.name)
    assert(fs.copy(("tests/bench/shell/%s.mjs"):format(subject.name), script))
    subject.run[#subject.run + 1] = script
    return text:match '"version"%s*:%s*"([^"]+)"'
  end
  local result = proc.run(subject.probe)
  return result.ok and result.stdout:match "%d[%d.]*" or nil
end

-- Does the library have this work at all?
local function can(subject, work)
  local text = assert(fs.read(subject.package and node_script(subject.name)
    or subject.run[#subject.run]))
  return text:find("%f[%w]" .. work .. "%f[^%w]%s*[%(%):=\"]") ~= nil
    or text:find('"' .. work .. '"', 1, true) ~= nil
end

local marks = 32000 + process.pid % 100 * 100

-- An argument that no other process has: by it what is left behind is found.
local function new_mark()
  marks = marks + 1
  return tostring(marks)
end

local function left_behind(mark)
  return proc.list(function(one)
    local last = one.argv[#one.argv]
    return last == mark and one.state ~= "Z" and (one.name == "sleep" or one.name == "yes")
  end)
end

-- How many are left a moment after the end; they are ended then.
local function sweep(mark)
  task.sleep("300ms")
  local list = left_behind(mark)
  for _, one in ipairs(list) do process.kill(one.pid, "KILL") end
  return #list
end

local function command(subject, work, argument)
  local words = table.move(subject.run, 1, #subject.run, 1, {})
  words[#words + 1], words[#words + 2] = work, argument
  return words
end

local function start(subject, work, argument, limit)
  local words = command(subject, work, argument)
  words.timeout, words.kill_after = limit or LIMIT, 0.1
  return proc.run(words)
end

local function last_line(text)
  return (text or ""):match "([^\n]+)%s*$" or ""
end

local function ending(r)
  if r.timed_out then return ("had not ended after %.0f s"):format(r.seconds) end
  return r.signal or r.code and "exit " .. r.code or r.error
end

local function first_line(r, otherwise)
  if not r.ok then return ending(r) end
  local text = last_line(r.stdout)
  return text ~= "" and text or otherwise
end

local WORKS = {}

local function add(title, work, measure)
  WORKS[#WORKS + 1] = { title = title, work = work, measure = measure }
end

add("start, and run `true`: ms", "true", function(subject)
  local times = {}
  for i = 1, ROUNDS do
    local began = timer.now()
    local r = start(subject, "true")
    if not r.ok then return ending(r) end
    times[i] = (timer.now() - began) * 1e3
  end
  table.sort(times)
  return format.number(times[(#times + 1) // 2])
end)

local function throughput(work)
  return function(subject)
    local r = start(subject, work, tostring(2 * GIB), PATIENCE)
    if not r.ok then return ending(r) end
    if last_line(r.stdout) ~= tostring(2 * GIB) then return "wrong: " .. last_line(r.stdout) end
    return ("%s s, %.0f MB"):format(format.number(r.seconds), r.usage.peak_rss / 1e6)
  end
end

add("2 GiB through two programs: seconds, most memory of a process", "pipe", throughput "pipe")
add("the same as one string for a shell", "string", throughput "string")

add("timeout of 0.5 s on `sh -c 'sleep N & wait'`, captured", "timeout", function(subject)
  local mark = new_mark()
  local r = start(subject, "timeout", mark)
  local text = first_line(r)
  local left = sweep(mark)
  if r.timed_out then return "**" .. text .. "**" end -- what it left was ended with it
  return ("%s; %s"):format(text, left > 0 and "**grandchild left**" or "nothing left")
end)

add("a directory of its own in each of two parallel tasks", "cwd", function(subject)
  local text = first_line(start(subject, "cwd"))
  return text == "/usr /etc" and "right" or "**wrong**: " .. text
end)

-- A signal to the host alone while its child sleeps.
local function signalled(signal)
  return function(subject)
    local mark = new_mark()
    local words = command(subject, "wait", mark)
    words.stdout, words.stderr, words.stdin = "pipe", "pipe", "ignore"
    local host <close> = assert(proc.spawn(words))
    local seen = task.timeout(LIMIT, function()
      while #left_behind(mark) == 0 do task.sleep("10ms") end
      return true
    end)
    if not seen then return "its child did not start" end
    host:kill(signal)
    local r = host:wait(5)
    local text = r and ending(r) or "**went on**"
    local left = sweep(mark)
    r = r or host:wait(5) -- what it says once its child has gone
    local cleaned = r and (r.stdout or ""):find "cleaned up"
    return ("%s; %s, %s"):format(text, left > 0 and "**child left**" or "child gone",
      cleaned and "cleaned up" or "**no clean-up**")
  end
end

add("SIGTERM to the host alone", "wait", signalled "SIGTERM")
add("SIGINT to the host alone", "wait", signalled "SIGINT")

add("a captured child's standard output is a", "stdout", function(subject)
  return (first_line(start(subject, "stdout")):gsub(":.*", ""))
end)

add("a command that is not there, uncaught", "missing", function(subject)
  local r = start(subject, "missing")
  local said = r.stderr:match "[^\n]*no%-such%-command[^\n]*" or last_line(r.stderr)
  said = said:gsub("^%s+", ""):gsub("|", "\\|")
  return ("%s: %s"):format(ending(r), #said > 60 and said:sub(1, 57) .. "..." or said)
end)

add("a loop over the lines of `yes` left after 3", "lines", function(subject)
  local mark = new_mark()
  local r = start(subject, "lines", mark)
  local text = ("%s, %s"):format(first_line(r, "silent"), ending(r))
  return ("%s; %s"):format(text, sweep(mark) > 0 and "**child left**" or "child gone")
end)

local head, here = { "" }, {}
for _, subject in ipairs(SUBJECTS) do
  local version = prepare(subject)
  if version then
    here[#here + 1], head[#head + 1] = subject, ("%s %s"):format(subject.name, version)
  else
    progress.say(subject.name .. " is not here")
  end
end

local lines = {}
for i, row in ipairs(WORKS) do
  lines[i] = { row.title }
  for _, subject in ipairs(here) do
    progress.show(row.title, 1, subject.name)
    lines[i][#lines[i] + 1] = can(subject, row.work) and row.measure(subject) or "-"
  end
end
progress.clear()
io.write(format.table(head, lines))
