-- A traceback shows `require` as one function of C, as Lua's is, and nothing of how it is made.
local check = require "tests.lib.check"

local function traceback_of(...)
  local _, text = xpcall(require, debug.traceback, ...)
  return text:match("\nstack traceback:\n(.*)")
end

local missing = traceback_of "no.such.module"
check.eq(missing:match("^[^\n]*"), "\t[C]: in function 'require'")
check.lacks(missing, "procrun:")

package.preload["tests.fails"] = function() error "boom" end
local lines = {}
for line in traceback_of("tests.fails"):gmatch("[^\n]+") do lines[#lines + 1] = line end
check.eq(lines[1], "\t[C]: in function 'error'")
check.matches(lines[2], "^\t.*traceback%.lua:13: in function <")
check.eq(lines[3], "\t[C]: in function 'require'")
check.eq(lines[4], "\t[C]: in function 'xpcall'")

-- Another task, without a frame of the start below it.
local task = require "procrun.task"
check.lacks(task.spawn(traceback_of, "no.such.module"):wait(), "procrun:")
