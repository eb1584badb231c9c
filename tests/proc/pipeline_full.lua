-- A pipeline that is cancelled, left, or has met an error, while a stage does not take what a
-- function or the script has written: what is unsent is dropped, nobody waits for it to be taken.
-- timeout: 60
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"

local function same(line) return line end

local children = {}
local function ends_soon(fn)
  local _, _, code = task.timeout(30, fn)
  check.eq(code, nil)
end

-- cancelled: the function has filled the pipe to a program that reads nothing
ends_soon(function()
  local t = task.spawn(proc.pipeline, { "yes" }, same, { "sleep", 1000 })
  task.sleep("0.2s")
  t:cancel()
  t:wait()
end)

-- an error behind a full pipe
ends_soon(function()
  local count = 0
  local ok, err = pcall(proc.pipeline, { "yes" }, function(line)
    count = count + #line + 1
    return count < 100000 and line or error("enough", 0)
  end, { "sleep", 1000 })
  check.eq(ok, false)
  check.eq(err, "enough")
end)

-- left, with a full standard input
ends_soon(function()
  local job <close> = assert(proc.start_pipeline({ "sleep", 1000 }, { "sleep", 1000 },
    { stdin = "pipe" }))
  children = job.children
  task.spawn(function() job.stdin:write(("x"):rep(1000000)) end)
  task.sleep("10ms")
end)
for _, child in ipairs(children) do check.eq(child:status(), "killed") end
