-- Many at once, in every way to end: no descriptor, no zombie is left, without the collector.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"
local task = require "procrun.task"

local function descriptors()
  local n = 0
  for _ in fs.walk("/proc/self/fd") do n = n + 1 end
  return n
end

local function talk(i)
  local p = assert(proc.popen_async("cat", nil, nil, nil, true, true, true))
  local text = ("%d "):format(i):rep(20000)
  local results = task.all {
    function() return p:write_stdin(text) and p:write_stdin() end,
    function() return p:read_stdout("*a") end,
    function() return p:read_stderr("*a") end,
    function() return p:wait("20s") end,
  }
  assert(results[2] == text and results[3] == "" and results[4] == 0)
  p:forget()
end

local function killed()
  local p = assert(proc.popen_async("sleep", { 60 }, nil, nil, true, true, true))
  p:kill()
  check.eq(select(2, p:wait("20s")), "killed")
end

local function given()
  local reader, writer = assert(fs.pipe())
  local p = assert(proc.exec("echo", { "x" }, nil, nil, nil, writer))
  check.eq(reader:read("a"), "x\n")
  reader:close()
  check.eq(p:wait("20s"), 0)
end

local function refused()
  local reader, writer = assert(fs.pipe())
  assert(proc.exec("/nope", nil, nil, nil, reader, writer) == nil)
  assert(reader:fileno() and writer:fileno(), "given away though nothing was started")
  reader:close()
  writer:close()
end

local before
for round = 1, 3 do
  local group <close> = task.group()
  for i = 1, 10 do
    group:spawn(talk, i)
    group:spawn(killed)
    group:spawn(given)
    group:spawn(refused)
  end
  group:wait()
  check.eq(luapower.children(), "")
  if round == 1 then before = descriptors() end -- launches keep a few
  collectgarbage("stop")
end
local after = descriptors()
assert(after <= before, ("%d descriptors before, %d after"):format(before, after))
collectgarbage("restart")
