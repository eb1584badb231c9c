-- A file that is cut off or overwritten while it is in use, at any moment: each call returns, or
-- says what is wrong, and no process ends by a signal.
local dir = require "tests.lib.sync_dir"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local script = check.write(check.tmp("use.lua"), [[
local sync = require "procrun.sync"
local dir, size, seed = arg[1], tonumber(arg[2]), tonumber(arg[3])
math.randomseed(seed)

local function spoil(file)
  local whole <close> = assert(io.open(dir .. "/" .. file, seed % 2 == 0 and "wb" or "r+b"))
  for _ = 1, size do whole:write(string.char(math.random(0, 255))) end
end

local event, mutex, semaphore = sync.event("x"), sync.mutex("x"), sync.semaphore("x", 2)
local guard, permit = mutex:lock(), semaphore:acquire()
spoil "mutex.x"
spoil "semaphore.x"
spoil "event.x"
guard:unlock()
permit:release()
print(select(3, mutex:try_lock()), select(3, mutex:lock(0.01)), select(3, semaphore:value()),
  select(3, semaphore:acquire(0.01)), select(3, event:set()), select(3, event:wait(0.01)))
print(pcall(event.is_set, event))
mutex:close()
semaphore:close()
event:close()
]])

for seed = 1, 12 do
  local size = ({ 0, 40, 4096, 8192 })[seed % 4 + 1]
  local result = proc.run(process.exec_path, { script, dir.path, size, seed })
  check.eq(tostring(result.signal) .. " " .. result.code .. " " .. result.stderr, "nil 0 ")
  local cut = seed % 2 == 0 and size < 4096
  if cut then check.eq(result.stdout:match("[^\n]*"), ("EBADMSG"):rep(6, "\t"), "seed " .. seed) end
  for _, kind in ipairs { "mutex", "semaphore", "event" } do
    fs.remove(("%s/%s.x"):format(dir.path, kind))
  end
end
