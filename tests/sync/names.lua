-- Names are checked, the kinds have names of their own, and wrong arguments name what is expected.
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local sync = require "procrun.sync"

local wanted = "name expected: 1 to 128 letters, digits and . _ - :, got "
for _, kind in ipairs { "mutex", "event", "semaphore" } do
  for _, bad in ipairs { "", "a/b", "..\0", "a b", "\n", "ä", ("x"):rep(129) } do
    check.raises("bad argument #1 to '" .. kind .. "' (" .. wanted, sync[kind], bad, 1)
  end
  check.raises(wanted .. "nil", sync[kind])
  check.raises(wanted .. "number", sync[kind], 1, 1)
end
for _, bad in ipairs { 0, -1, 1.5, "2", 2 ^ 31 | 0 } do
  check.raises("bad argument #2 to 'semaphore' (number of units expected", sync.semaphore, "a", bad)
end

-- One name, three objects; the longest and the strangest.
for _, name in ipairs { "a", "..", ".", "-", ("x"):rep(128), "A-z_0.9:" } do
  local mutex <close> = assert(sync.mutex(name))
  local semaphore <close> = assert(sync.semaphore(name, 2))
  local event <close> = assert(sync.event(name))
  assert(mutex:lock())
  assert(semaphore:acquire())
  check.eq(event:is_set(), false)
end
for _, name in ipairs(dir.entries()) do check.raises("p.", error, name:gsub("^w", "p"), 0) end

local mutex = assert(sync.mutex("a"))
check.raises("bad argument #1 to 'lock' (", mutex.lock, mutex, "soon")
check.raises("bad call to 'lock' (call it with a colon: mutex:lock())", mutex.lock)
check.raises("bad call to 'lock' (call it with a colon", mutex.lock, assert(sync.event("a")))
check.raises("bad call to 'close' (call it with a colon", mutex.close)
local guard = assert(mutex:lock())
check.raises("bad call to 'unlock' (call it with a colon: guard:unlock())", guard.unlock)
local semaphore = assert(sync.semaphore("a", 3))
check.raises("bad argument #1 to 'release' (1 units, but 0 are held", semaphore.release, semaphore)
check.raises("bad argument #1 to 'release' (number of units", semaphore.release, semaphore, 0)
