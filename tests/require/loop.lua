-- Modules that need one another in a circle: an error, within one task and across several.
local task = require "procrun.task"
local check = require "tests.lib.check"

package.preload.a = function() return require "b" end
package.preload.b = function() return require "a" end
check.raises("loop while loading module 'a'", require, "a")
package.preload.own = function() return require "own" end
check.raises("loop while loading module 'own'", require, "own")

package.preload.c = function() task.sleep(0.002) return require "d" end
package.preload.d = function() task.sleep(0.002) return require "c" end
local first = task.spawn(pcall, require, "c")
local second = task.spawn(pcall, require, "d")
local ok1, err1 = first:wait(5)
local ok2, err2 = second:wait(5)
-- Who closes the circle is told; the other one's module fails as it needs that one's.
assert(ok1 == false and ok2 == false, tostring(ok1) .. tostring(ok2))
check.has(err1 .. err2, "loop while loading module '")

-- Afterwards nothing is in the way.
package.preload.a = function() return "a" end
check.eq((require "b"), "a")
