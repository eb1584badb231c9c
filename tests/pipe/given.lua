-- An end of a pipe that a child was given and that is used here as well (keep_open) still blocks
-- there: what a program writes into it is not cut off by EAGAIN.
local pipe = require "procrun.pipe"
local proc = require "procrun.proc"
local task = require "procrun.task"

local SCRIPT <const> = "read line; dd if=/dev/zero bs=1000 count=300 2>/dev/null >&3"

local function try(use)
  local reader, writer = pipe.new()
  local child = assert(proc.spawn("sh", {"-c", SCRIPT}, {
    stdio = {"pipe", "ignore", "inherit", writer}, keep_open = true,
  }))
  local count = use(writer)
  assert(child.stdin:finish("go\n"))
  task.sleep(0.01) -- mostly the pipe is full by now
  writer:close()
  assert(#reader:read("a") == count + 300000)
  assert(child:wait():check())
  reader:close()
end

try(function(writer)
  assert(writer:write("x"))
  return 1
end)
try(function(writer) -- what goes out by itself does so in the same manner
  task.timeout(0.01, function()
    local own <close> = writer
    own:write(("x"):rep(400000))
  end)
  return 400000
end)
