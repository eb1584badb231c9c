-- A forgotten colon is told, at the line of the script, by every method of the types of this room.
local check = require "tests.lib.check"
local task = require "procrun.task"

local objects = {
  queue = { task.queue(), "put get close size" },
  semaphore = { task.semaphore(1), "acquire release free" },
  permit = { task.semaphore(1):acquire(), "release" },
  event = { task.event(), "set clear is_set wait" },
  group = { task.group(), "spawn wait cancel" },
}
for name, entry in pairs(objects) do
  local object = entry[1]
  for method in entry[2]:gmatch("%S+") do
    for _, first in ipairs { false, 5, "text", {}, print } do
      local err = check.raises(("call it with a colon: %s:%s(...)"):format(name, method), function()
        object[method](first or nil)
      end)
      check.has(err, "colon.lua:17: ")
    end
  end
end
check.eq(objects.queue[1]:size(), 0)
