-- An error in a timer's function is an uncaught error of its task: traceback, exit 1.
local code = [[
local timer = require "procrun.timer"
local guard <close> = setmetatable({}, { __close = function() print("closed") end })
timer.after("1ms", function(what) error("no " .. what) end, "luck")
require "procrun.core.task".sleep(60)]]
local pipe = assert(io.popen(("'%s' -e '%s' 2>&1"):format(arg[-1], code)))
local text = pipe:read("a")
local _, _, status = pipe:close()
assert(status == 1, status)
assert(text:find("no luck", 1, true) and text:find("stack traceback", 1, true), text)
assert(text:find("closed", 1, true), text)
