-- process.exit and os.exit: what they unwind, what they flush, and the status.
local procrun = os.getenv("PROCRUN")

local function run(code, status, expected)
  local pipe = assert(io.popen(("'%s' -e '%s' 2>&1"):format(procrun, code)))
  local text = pipe:read("a")
  local _, _, got = pipe:close()
  assert(got == status, ("status %s: %s"):format(got, text))
  assert(not expected or text == expected, text)
  return text
end

local statuses = {["true"] = 0, ["false"] = 1, ["0"] = 0, ["3"] = 3, ["256 + 5"] = 5, ["-1"] = 255,
  ["2.0"] = 2}
for code, status in pairs(statuses) do
  run(("os.exit(%s)"):format(code), status)
  run(("process.exit(%s)"):format(code), status)
  run(("process:exit(%s)"):format(code), status)
end
run("os.exit()", 0)
run("process.exit_code = 4", 4)
run("process.exit_code = 4 process.exit()", 4)
run("process.exit_code = 4 process.exit(0)", 0)
run("process.exit_code = 4 error(\"x\")", 1)

-- It unwinds the calling task through pcall and coroutines, and cancels the others; __close runs,
-- and may wait.
run([[
local task = require "task"
local function closing(what)
  return setmetatable({}, {__close = function() task.sleep(0.001) print(what) end})
end
local ready = task.event()
task.spawn(function()
  local _ <close> = closing "other"
  pcall(function() ready:set() task.sleep(60) end)
  print "not here"
end)
ready:wait()
local _ <close> = closing "main"
pcall(function()
  local _ <close> = closing "in pcall"
  coroutine.wrap(function()
    local _ <close> = closing "in coroutine"
    xpcall(function() os.exit(3) end, print)
    print "not here"
  end)()
end)
print "not here"]], 3, "in coroutine\nother\nin pcall\nmain\n")
-- Also a task that computes is not resumed after its next wait, and one that begins never runs.
run([[
local task = require "task"
task.spawn(function() print "not here" end)
os.exit(2)]], 2, "")
-- In an iterator, a metamethod, a __close, a function called by sort or gsub.
run([[local t = setmetatable({}, {__index = function() os.exit(5) end}) print(t.x)]], 5, "")
run([[for _ in function() os.exit(5) end do end]], 5, "")
run([[
do local _ <close> = setmetatable({}, {__close = function() os.exit(5) end}) end
print(1)]], 5, "")
run([[table.sort({3, 2, 1}, function() os.exit(5) end) print(1)]], 5, "")
run([[("x"):gsub("x", function() os.exit(5) end) print(1)]], 5, "")

-- Everything written arrives, through whatever it was written.
local text = run([[
local line = ("x"):rep(999) .. "\n"
for _ = 1, 1000 do print((line:gsub("\n", ""))) end
for _ = 1, 1000 do io.write(line) end
for _ = 1, 1000 do process.stdout:write(line) end
require "proc"
os.exit(0)]], 0)
assert(#text == 3000000 and not text:find("[^x\n]"), #text)

-- The first exit decides; a later failure only spoils a success.
run([[local _ <close> = setmetatable({}, {__close = function() os.exit(4) end}) os.exit(3)]], 3)
run([[local _ <close> = setmetatable({}, {__close = function() error("x") end}) os.exit(0)]], 1)
