-- list: all processes, by number, those of a filter, and where nothing can wait.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"

local child <close> = assert(proc.spawn("sh",
  { "-c", "sleep 60 & sleep 61 & echo; wait" }, { group = true }))
child.stdout:read("l")
repeat -- until both are what they are to become
  local sleeps = assert(proc.list { ppid = child.pid, name = "sleep" })
until #sleeps == 2

local function pids(list)
  local numbers = {}
  for i, info in ipairs(list) do numbers[i] = info.pid end
  return numbers
end

local function contains(list, pid)
  for _, info in ipairs(list) do
    if info.pid == pid then return info end
  end
end

local turns = 0
local beside = task.spawn(function() turns = turns + 1 end)
local all = assert(proc.list())
assert(turns == 1) -- other tasks run meanwhile
beside:wait()
for i = 2, #all do assert(all[i - 1].pid < all[i].pid) end
local me = assert(contains(all, process.pid))
check.eq(me.name, assert(proc.info(process.pid)).name)
assert(contains(all, child.pid))
local found = false
for _, pid in ipairs(me.children) do found = found or pid == child.pid end
assert(found)

local sleeps = assert(proc.list { ppid = child.pid, name = "sleep" })
check.eq(#sleeps, 2)
check.values(sleeps[1].argv, "sleep", "60")
check.values(assert(contains(all, child.pid)).children, table.unpack(pids(sleeps)))
check.values(pids(assert(proc.list { pgid = child.pid })), child.pid, table.unpack(pids(sleeps)))
check.values(pids(assert(proc.list { pgid = child.pid, state = "Z" })))
check.eq(#assert(proc.list { ppid = child.pid, sid = me.sid }), 2)
check.eq(#assert(proc.list { ppid = child.pid, sid = child.pid }), 0)
check.eq(#assert(proc.list { ppid = child.pid, uid = me.uid, gid = me.gid, user = me.user }), 2)
check.eq(#assert(proc.list { ppid = child.pid, uid = me.uid + 1 }), 0)
check.eq(#assert(proc.list { ppid = child.pid, gid = me.gid + 1 }), 0)
check.eq(#assert(proc.list { user = "no such user" }), 0)
check.eq(#assert(proc.list { name = "slee" }), 0)

check.values(pids(assert(proc.list(function(info)
  return info.ppid == child.pid and info.argv[2] == "61"
end))), sleeps[2].pid)

-- the kernel cuts names at 15 bytes
local long <close> = assert(proc.spawn(process.exec_path, { "-e",
  "process.title = 'a-very-long-title'; print(); process.stdin:read('a')" }))
long.stdout:read("l")
check.values(pids(assert(proc.list { name = "a-very-long-title", ppid = process.pid })), long.pid)
check.values(pids(assert(proc.list { name = "a-very-long_titl!" })))
long.stdin:close()
long:wait()

-- in a comparison of sort nothing can wait
local asked
table.sort({ 2, 1 }, function(a, b)
  asked = asked or proc.list()
  return a < b
end)
assert(contains(asked, process.pid))

-- who does not wait to the end leaves nothing
check.values(table.pack(task.timeout(0, proc.list)), nil, "timeout", "ETIMEDOUT")

for text, filter in pairs {
  ["no filter 'parent'; there are gid, name"] = { parent = 1 },
  ["no filter '1'"] = { "sleep" },
  ["filter 'ppid': integer expected, got string"] = { ppid = "1" },
  ["filter 'pgid': integer expected, got float"] = { pgid = 1.0 },
  ["filter 'uid': -1 is no number of that kind"] = { uid = -1 },
  ["filter 'name': string expected, got integer"] = { name = 5 },
  ["filter 'user': string expected, got table"] = { user = {} },
  ["filter 'state': one letter expected, as in 'R', got \"running\""] = { state = "running" },
  ["table or function expected, got number"] = 5,
} do
  check.has(check.raises(text, function() proc.list(filter) end), "monitor_list.lua")
end
check.raises("boo", proc.list, function() error("boo") end)
