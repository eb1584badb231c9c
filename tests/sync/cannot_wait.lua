-- Where Lua cannot wait, what is free is taken, and what is not raises and leaves no place in the
-- queue behind.
require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local sync = require "procrun.sync"
local task = require "procrun.task"

local m, other = assert(sync.mutex("m")), assert(sync.mutex("m"))
local function in_sort(fn)
  table.sort({ 1, 2 }, function(a, b)
    fn()
    return a < b
  end)
end

in_sort(function() m:lock():unlock() end)
local guard = assert(m:lock())
local t = task.spawn(function()
  check.raises("cannot wait here (in table.sort)", in_sort, function() other:lock() end)
  check.raises("cannot wait here (in table.sort)", in_sort, function() sync.event("e"):wait() end)
end)
t:wait()
in_sort(function()
  if guard then guard:unlock() end
  guard = nil
end)
assert(m:try_lock())

-- A lock that a collected coroutine waited for is nobody's.
local waits = coroutine.wrap(function() other:lock() end)
local cancelled = task.spawn(function() waits() end)
task.yield()
cancelled:cancel()
cancelled:wait()
m:unlock()
assert(m:try_lock())
