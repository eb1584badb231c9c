-- snapshot.lua - procrun.snapshot(): what this process consists of just now, as a table.
-- Nothing here waits: it also runs inside a busy script, and outside of any task.

local core = require "procrun.core.procrun"
local monitor = require "procrun.core.monitor"
local self = require "procrun.core.self"

local M = {}

-- Kinds of handles as C names them, and where they stand in a snapshot.
local PLACES <const> = {
  process = "children", stream = "streams", channel = "channels", timer = "timers",
  server = "servers", udp = "udp", dial = "dials", signal = "signals", sync = "sync",
  watcher = "watchers",
}
local HIDDEN <const> = {["sync.place"] = true} -- the folder of all named objects
local STANDARD <const> = {[0] = "standard input", "standard output", "standard error"}

-- Who waits at a handle, under which names C tells it, in the order in which it is believed.
local WAITERS <const> = {"readers", "writers", "acceptors", "askers", "waiters", "takers"}

-- The ends of pipes that a child holds. Both ends have one name in /proc; a child may have closed
-- its own, or have replaced it.
local function note_ends(ends, child)
  local names = {[0] = "stdin", "stdout", "stderr"}
  for fd = 0, child.running and 9 or -1 do
    local target = core.link(("/proc/%d/fd/%d"):format(child.pid, fd))
    if target and not ends[target] then
      ends[target] = {child.pid, ("%s of child %d"):format(names[fd] or "fd " .. fd, child.pid)}
    end
  end
end

local function join_stream(stream, ends, child)
  local target = stream.type ~= "file" and core.link("/proc/self/fd/" .. stream.fd)
  local known = target and not stream.standard and ends[target]
  if known then
    stream.child, stream.of = known[1], known[2]
  elseif child then
    stream.child, stream.of = child.pid, "of child " .. child.pid
  end
end

local function describe_stream(stream)
  if stream.standard then return STANDARD[stream.standard] end
  if stream.of then return stream.of end
  local from, to = stream.local_address, stream.remote_address
  if from or to then return (from or "?") .. (to and " to " .. to or "") end
  local target = stream.fd >= 0 and core.link("/proc/self/fd/" .. stream.fd)
  return target and target:sub(1, 1) == "/" and target or stream.type
end

local function describe_channel(channel, child)
  if child then
    channel.peer = child.pid
    return "the channel to child " .. child.pid
  end
  local _, parent = self.ids()
  channel.peer = parent
  return "the channel to the parent, " .. parent
end

local function describe_child(child)
  if child.running then
    child.command = core.command(child.pid)
    child.usage = monitor.usage(child.pid)
  end
  return "child " .. child.pid .. (child.command and " (" .. child.command .. ")" or "")
end

local describe = {
  timers = function(timer)
    return ("a timer%s"):format(timer.place and " that calls " .. timer.place or "")
  end,
  servers = function(server)
    return "server on " .. (server.local_address or "fd " .. server.fd)
  end,
  udp = function(udp) return "udp socket " .. (udp.local_address or "fd " .. udp.fd) end,
  dials = function() return "a connection that is being made" end,
  signals = function(signal) return "signals " .. table.concat(signal.signals, ", ") end,
  sync = function(object) return object.what end,
  watchers = function(watcher)
    local count = watcher.directories
    return ("watch of %d director%s"):format(count, count == 1 and "y" or "ies")
  end,
}

local function is_garbage(place, handle)
  return place == "timers" and not handle.active
end

local function sort_handles(s)
  for _, place in pairs(PLACES) do s[place] = {} end
  s.others = {}
  for _, handle in ipairs(core.handles()) do
    local kind = handle.kind
    local place = PLACES[kind] or "others"
    if not HIDDEN[kind] and not is_garbage(place, handle) then
      local list = s[place]
      list[#list + 1] = handle
    end
  end
end

-- A child, its streams and its channel share a bell, which C tells as their family.
local function join_families(s)
  local by_family, families = {}, {}
  for _, child in ipairs(s.children) do by_family[child.family] = child end
  for _, place in ipairs {"streams", "channels"} do
    for _, handle in ipairs(s[place]) do
      families[handle.address] = handle.family and by_family[handle.family]
    end
  end
  local ends = {}
  for _, child in ipairs(s.children) do
    child.label = describe_child(child)
    note_ends(ends, child)
  end
  for _, stream in ipairs(s.streams) do
    join_stream(stream, ends, families[stream.address])
    stream.label = describe_stream(stream)
  end
  for _, channel in ipairs(s.channels) do
    channel.label = describe_channel(channel, families[channel.address])
  end
end

-- What each waiting task waits at.
local function join_tasks(s)
  local at = {}
  local function note(place)
    for _, handle in ipairs(s[place]) do
      for _, name in ipairs(WAITERS) do
        for _, id in ipairs(handle[name] or {}) do
          at[id] = at[id] or (place == "children" and "child " .. handle.pid or handle.label)
        end
      end
    end
  end
  note "children"
  for place in pairs(describe) do note(place) end
  note "streams"
  note "channels"
  for _, task in ipairs(s.tasks) do
    task.at = at[task.id]
    task.place = task.stack[1]
  end
end

-- seconds(number) -> "0.52 s", "12.3 s", "5 min"
function M.seconds(number)
  if number < 10 then return ("%.2f s"):format(number) end
  if number < 600 then return ("%.1f s"):format(number) end
  if number < 2 * 3600 then return ("%d min"):format(number // 60) end
  return ("%.1f h"):format(number / 3600)
end

-- Why it stands in the list of what keeps the process alive; nil: it does not.
local function task_keeps(task)
  if task.state == "running" then return task.label .. ", which runs" end
  if task.state == "ready" then return task.label .. ", which is ready to run" end
  if not task.alive then return nil end
  local left = M.seconds(task.times_out_in)
  return ("%s (%s, %s more at most)"):format(task.label, task.waits_for, left)
end

local function handle_keeps(handle)
  if not handle.alive then return nil end
  if not handle.due_in then return handle.label end
  return handle.label .. " in " .. M.seconds(math.max(0, handle.due_in))
end

-- Nothing else does: who looks every so often whether what it waits for is there, as for the other
-- end of a FIFO.
local function pollers(s)
  local list = {}
  for _, task in ipairs(s.tasks) do
    if not task.dispatch and not task.joins and not task.at then
      list[#list + 1] = ("%s (%s)"):format(task.label, task.waits_for)
    end
  end
  return list
end

local function keepers(s)
  local list = {}
  local function add(place, why)
    for _, item in ipairs(s[place]) do list[#list + 1] = why(item) end
  end
  add("tasks", task_keeps)
  for _, place in ipairs {"timers", "children", "servers", "channels", "streams", "udp", "dials",
    "signals", "sync", "watchers", "others"} do
    add(place, handle_keeps)
  end
  local requests = s.loop.requests
  if requests == 1 then list[#list + 1] = "a request in the thread pool" end
  if requests > 1 then list[#list + 1] = requests .. " requests in the thread pool" end
  if #list > 0 then return list end
  if s.loop.deadlines > 0 then list = pollers(s) end
  for _, kind in ipairs(s.loop.held) do list[#list + 1] = ("a %s of libuv"):format(kind) end
  return list
end

local function strip(s)
  for _, place in pairs(PLACES) do
    for _, handle in ipairs(s[place]) do handle.family, handle.address = nil, nil end
  end
  for _, handle in ipairs(s.others) do handle.address = nil end
end

-- The table is the script's: nothing of its own is called.
local function argument(i)
  local value = rawget(arg, i)
  local kind = type(value)
  return (kind == "string" or kind == "number") and tostring(value) or kind
end

--- snapshot() -> table
function M.snapshot()
  local pid, ppid = self.ids()
  local s = {
    pid = pid, ppid = ppid, version = self.version(), tasks = core.tasks(), loop = core.loop(),
    script = nil, args = {},
  }
  s.heap, s.loop.heap = s.loop.heap, nil
  if type(arg) == "table" then
    s.script = argument(0)
    for i = 1, rawlen(arg) do s.args[i] = argument(i) end
  end
  sort_handles(s)
  join_families(s)
  for place, name in pairs(describe) do
    for _, handle in ipairs(s[place]) do handle.label = name(handle) end
  end
  for _, handle in ipairs(s.others) do handle.label = handle.kind end
  join_tasks(s)
  s.kept_alive_by = keepers(s)
  strip(s)
  return s
end

return M
