-- watch of files, of lists, with patterns, by events; and what cannot be watched.
-- The process ends though a watcher with listeners is left: it is unref'd.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local task = require "procrun.task"

local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
assert(fs.write(at "conf", "1") and fs.write(at "beside", "1") and fs.mkdir(at "d"))

local function one(w)
  local changes = assert(w:next "20s")
  check.eq(#changes, 1)
  return changes[1].what .. " " .. changes[1].path:sub(#dir.path + 2)
end

do -- a file outlives its replacement, and its absence
  local w <close> = assert(fs.watch(at "conf", { debounce = "10ms" }))
  assert(fs.write(at "beside", "2") and fs.write(at "conf", "2"))
  check.eq(one(w), "changed conf")
  assert(fs.rename(at "beside", at "conf"))
  check.eq(one(w), "changed conf")
  assert(fs.remove(at "conf"))
  check.eq(one(w), "removed conf")
  assert(fs.write(at "conf", "3"))
  check.eq(one(w), "created conf")
  assert(fs.chmod(at "conf", "600"))
  check.eq(one(w), "changed conf")
end

do -- not recursive; only what matches; a list
  local w <close> = assert(fs.watch({ dir.path, at "conf" },
    { debounce = "10ms", recursive = false, match = { "*.lua", "d/" } }))
  assert(fs.write(at "d/x.lua", "") and fs.write(at "conf", "4") and fs.write(at "y.lua", ""))
  check.eq(one(w), "created y.lua")
  assert(fs.remove(at "d/x.lua") and fs.remove(at "d"))
  check.eq(one(w), "removed d")
  assert(fs.mkdir(at "d"))
  check.eq(one(w), "created d")
end

do -- a cancelled reader leaves everything to the next; two readers take turns
  local w <close> = assert(fs.watch(dir.path, { debounce = "10ms" }))
  local reader = task.spawn(function() return w:next() end)
  task.sleep(0)
  reader:cancel()
  assert(fs.write(at "n1", ""))
  check.values(table.pack(task.timeout(0, function() return w:next() end)), nil, "timeout",
    "ETIMEDOUT")
  check.eq(one(w), "created n1")
  local got = task.queue(2)
  for _ = 1, 2 do task.spawn(function() got:put(one(w)) end) end
  assert(fs.write(at "n2", ""))
  check.eq(got:get "20s", "created n2")
  assert(fs.write(at "n3", ""))
  check.eq(got:get "20s", "created n3")
end

local w = assert(fs.watch(dir.path, { debounce = "10ms" }))
local heard, closed = task.queue(10), false
w:on("change", function(changes) heard:put(changes) end)
w:on("close", function() closed = true end)
check.raises("a 'change' listener takes the changes", w.next, w)
assert(fs.write(at "event", ""))
check.eq((assert(heard:get "20s"))[1].path, at "event")
w:off "change"
local loop = task.spawn(function()
  for changes in w:changes() do heard:put(changes) end
  return "over"
end)
task.sleep(0)
check.raises("a task takes the changes", w.on, w, "change", print)
assert(fs.write(at "event2", ""))
check.eq((assert(heard:get "20s"))[1].path, at "event2")
w:close()
check.eq(loop:wait "20s", "over")
assert(closed)

local absent = at "absent"
check.values(table.pack(fs.watch(absent)), nil, absent .. ": no such file or directory", "ENOENT")
check.raises("bad argument #1 to 'watch' (path expected, got nil)", fs.watch)
check.raises("unknown option 'recurse'", fs.watch, "/", { recurse = true })
check.raises("bad argument #2 to 'watch' (option 'debounce'", fs.watch, "/", { debounce = "soon" })
check.raises("call it with a colon: watcher:next", w.next)

local left = assert(fs.watch(dir.path)):unref()
left:on("change", print)
assert(fs.watch(dir.path)) -- nobody reads it
