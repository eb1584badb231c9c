-- tail.lua follows a log on two hosts; one whose connection breaks comes back; many bad lines run
-- the alert, to which a line is only a line; Ctrl-C leaves nothing behind.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

example.need "pgrep"
local environment, hosts = example.hosts()
local log = "app " .. process.pid .. ".log"
for _, host in ipairs { "h1", "h2" } do
  assert(fs.mkdir_p(hosts .. "/" .. host))
  check.write(("%s/%s/%s"):format(hosts, host, log), "old\n")
end
local told = check.tmp "told"
local child <close> = example.start("tail", { "-f", log, "-n", 3, "-a",
  "printf '%s: %s\n' \"$1\" \"$2\" >>'" .. told .. "'; exit 1", "h1", "h2" },
  { extend_env = environment })

-- Lines until one has the text.
local function await(stream, text)
  return assert(task.timeout("30s", function()
    local line
    repeat
      line = assert(stream:read "l", "the end instead of " .. text)
    until line:find(text, 1, true)
    return line
  end), text)
end

local function tails()
  local pids = {}
  for _, pid in ipairs(proc.run("pgrep", { "-f", "tail .*" .. log }):lines()) do
    local info = proc.info(math.tointeger(pid))
    if info and info.name == "tail" then pids[#pids + 1] = info.pid end
  end
  return pids
end

local function add(host, line)
  local path = ("%s/%s/%s"):format(hosts, host, log)
  assert(fs.append(path, line .. "\n"))
end

assert(task.timeout("30s", function() while #tails() < 2 do task.sleep "20ms" end return true end))
-- A tail that runs has not yet opened its file: lines come until they are seen.
local function reach(host, line)
  local feeder = task.spawn(function()
    while true do
      add(host, line)
      task.sleep "50ms"
    end
  end)
  local _ <close> = setmetatable({}, { __close = function() feeder:cancel() end })
  return await(child.stdout, host .. " | " .. line)
end
reach("h1", "first")
reach("h2", "second")

local pids = tails()
check.eq(#pids, 2)
assert(process.kill(pids[1], "KILL"))
await(child.stderr, "again in")
reach("h1", "third")
reach("h2", "fourth")

for i = 1, 3 do add("h1", "ERROR " .. i .. " $(touch pwned)") end
assert(task.timeout("30s", function()
  while not (fs.read(told) or ""):find "\n" do task.sleep "20ms" end
  return true
end))
check.eq(fs.read(told), "h1: ERROR 3 $(touch pwned)\n")
await(child.stderr, "the alert for h1 failed")
assert(not fs.exists(hosts .. "/h1/pwned") and not fs.exists "pwned")

child:kill "INT"
local r = assert(child:wait "30s")
assert(r.code == 130 or r.signal == "SIGINT", tostring(r))
check.eq(#tails(), 0)
