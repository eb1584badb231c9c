-- watch: more than the kernel keeps for one who does not read is found by looking everywhere.
-- timeout: 120
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local task = require "procrun.task"

local most = tonumber(fs.read "/proc/sys/fs/inotify/max_queued_events" or "")
if not most or most > 20000 then
  print("skip: the kernel keeps too many events for this test: " .. tostring(most))
  os.exit(0)
end

local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
assert(fs.write(at "changed", "1") and fs.write(at "same", "1") and fs.write(at "removed", "1"))
local w <close> = assert(fs.watch(dir.path, { debounce = "10ms" }))
for i = 1, most // 4 + 2 do -- without waiting: nothing is read meanwhile
  local f = assert(io.open(at "a" .. i % 2, "w"))
  f:write "x"
  f:close()
  os.remove(at "a" .. i % 2)
end
assert(fs.mkdir_p(at "new/dir") and fs.write(at "new/dir/file", ""))
assert(fs.write(at "changed", "2", { atomic = false }) and fs.remove(at "removed"))

local seen, overflow = {}, false
assert(task.timeout("60s", function()
  while not (seen["created new/dir/file"] and overflow) do
    local changes = assert(w:next())
    overflow = overflow or changes.overflow
    for _, c in ipairs(changes) do seen[c.what .. " " .. c.path:sub(#dir.path + 2)] = true end
  end
  return true
end))
assert(seen["changed changed"] and seen["removed removed"] and not seen["changed same"])
assert(fs.write(at "new/dir/file", "3"))
local changes = assert(w:next "20s")
check.eq(changes[1].what, "changed")
check.eq(changes[1].path, at "new/dir/file")
check.eq(changes.overflow, nil)
