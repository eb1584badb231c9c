-- What require returns and stores, as in Lua's manual.
local check = require "tests.lib.check"

package.preload.returns_value = function(name, data) return name .. "/" .. data end
check.values(table.pack(require "returns_value"), "returns_value/:preload:", ":preload:")
check.values(table.pack(require "returns_value"), "returns_value/:preload:")
package.preload.returns_nil = function() end
check.values(table.pack(require "returns_nil"), true, ":preload:")
package.preload.returns_false = function() return false end
check.values(table.pack(require "returns_false"), false, ":preload:")
package.preload.sets_itself = function(name) package.loaded[name] = "set" end
check.values(table.pack(require "sets_itself"), "set", ":preload:")
package.loaded.given = 5
check.values(table.pack(require "given"), 5)

-- Searchers of one's own.
table.insert(package.searchers, 1, function(name)
  if name == "found" then return function(...) return table.pack(...) end, "here" end
  return "not by mine"
end)
local found, data = require "found"
check.values(found, "found", "here")
check.eq(data, "here")
check.raises("not found:\n\tnot by mine\n\tno field package.preload['lost']", require, "lost")

-- A built-in by both its names is one; a file of the script's folder comes before it, and
-- preload before all.
check.eq(require "task", require "procrun.task")
local r = check.run [[
print(require "task", require "procrun.task" == require "procrun.task")
package.preload.path = function() return "preloaded" end
print((require "path"))
]]
check.has(r.out, "table:")
check.write(check.tmp("task.lua"), "return 'of the script'")
r = check.run "print((require 'task')) print(type(require 'procrun.task'))"
check.eq(r.out, "of the script\ntable\n")
