-- dump.lua - procrun.dump(), and what SIGUSR1 writes: a snapshot as a text that people read.

local snapshot = require "procrun.procrun.snapshot"
local seconds = snapshot.seconds

local M = {}

local LIMIT <const> = 100 -- of each kind
local KEEPERS <const> = 8
local GROUPS <const> = 20
local STACK <const> = 4 -- lines of a task
local WIDTH <const> = 200 -- bytes of the command line

local function plural(count, what)
  return ("%d %s%s"):format(count, what, count == 1 and "" or "s")
end

local function bytes(count)
  if count < 10000 then return plural(count, "byte") end
  if count < 10000000 then return ("%.0f kB"):format(count / 1000) end
  return ("%.0f MB"):format(count / 1e6)
end

-- Control bytes of names and commands would spoil the layout, or the terminal.
local function clean(text)
  return (text:gsub("[%c\127]", function(c) return ("\\x%02x"):format(c:byte()) end))
end

local function tasks_of(ids)
  local names = {}
  for i, id in ipairs(ids) do
    if i > 5 then
      names[i] = ("%d more"):format(#ids - 5)
      break
    end
    names[i] = "task " .. id
  end
  return table.concat(names, ", ")
end

-- The parts that there are, with commas.
local function join(...)
  local parts = {}
  for i = 1, select("#", ...) do
    local part = select(i, ...)
    if part then parts[#parts + 1] = part end
  end
  return table.concat(parts, ", ")
end

local function waiting(handle)
  return handle.readers and "read by " .. tasks_of(handle.readers),
    handle.writers and "written by " .. tasks_of(handle.writers)
end

local function task_does(task)
  if task.state == "ready" then return "ready to run" end
  if task.state == "running" then return "has run " .. seconds(task.since) end
  local what = task.waits_for or "its start"
  if task.joins_label then what = "the end of " .. task.joins_label end
  local at = task.at and not what:find(task.at, 1, true) and " (" .. task.at .. ")" or ""
  return ("has waited%s for %s%s"):format(task.since and " " .. seconds(task.since) or "", what, at)
end

local function show_task(task)
  local lines = {join(
    task.label .. ": " .. task_does(task),
    task.times_out_in and "for at most " .. seconds(task.times_out_in) .. " more",
    task.cancelled and "cancelled")}
  for i = 1, math.min(#task.stack, STACK) do lines[i + 1] = "  at " .. task.stack[i] end
  if #task.stack > STACK then lines[STACK + 1] = lines[STACK + 1] .. " …" end
  if task.parents and task.parents[1] then
    lines[#lines + 1] = "  started by " .. table.concat(task.parents, ", started by ")
  end
  return lines
end

local function show_child(child)
  local usage = child.usage
  local ended = child.signal and "ended by " .. child.signal
    or child.code and "ended with " .. child.code
  return join(
    child.label .. ": " .. (child.running and "has run " .. seconds(child.since)
      or ("%s %s ago"):format(ended or "ended", seconds(child.since))),
    usage and usage.cpu and ("cpu %s"):format(seconds(usage.cpu)),
    usage and usage.rss and ("memory %s"):format(bytes(usage.rss)),
    child.running and not child.alive and "unref'd",
    child.waiters and "waited for by " .. tasks_of(child.waiters),
    child.cgroup and "in " .. child.cgroup)
end

local function show_stream(stream)
  return join(
    ("fd %d, %s: %s"):format(stream.fd, stream.type, stream.label),
    stream.readable and ("in: %s unread%s"):format(bytes(stream.unread),
      stream.at_end and " at the end" or ""),
    stream.writable and ("out: %s unsent%s"):format(bytes(stream.unsent),
      stream.write_error and " (" .. stream.write_error .. ")" or ""),
    stream.captured and "captured", stream.listening and "listened to", waiting(stream))
end

local function show_channel(channel)
  local handles_in, handles_out = channel.handles_in or 0, channel.handles_out or 0
  return join(
    ("%s: %s"):format(channel.label, channel.connected and "connected" or channel.at_end
      and "ended by the peer" or "disconnected"),
    ("in: %s, %s"):format(plural(channel.unread_messages, "message"), bytes(channel.unread)),
    ("out: %s, %s"):format(plural(channel.unsent_messages, "message"), bytes(channel.unsent)),
    handles_in + handles_out > 0 and ("handles: %d in, %d out"):format(handles_in, handles_out),
    channel.listening and "listened to", not channel.alive and "unref'd", waiting(channel))
end

local function show_timer(timer)
  return join(
    timer.due_in > 0 and "due in " .. seconds(timer.due_in) or "due",
    timer.every and "every " .. seconds(timer.every), timer.place and "calls " .. timer.place,
    not timer.alive and "unref'd")
end

local function show_server(server)
  return join(
    ("%s (fd %d): %s"):format(server.label, server.fd, plural(server.connections, "connection")),
    server.listening and "listened to",
    server.acceptors and "accepted by " .. tasks_of(server.acceptors),
    server.paused and "paused: no descriptor or memory is left", not server.alive and "unref'd")
end

local function show_udp(udp)
  return join(("%s (fd %d)"):format(udp.label, udp.fd), waiting(udp))
end

local function show_signal(signal)
  return join(table.concat(signal.signals, " "),
    signal.pending > 0 and plural(signal.pending, "signal") .. " not yet taken",
    signal.waiters and "waited for by " .. tasks_of(signal.waiters))
end

local function show_sync(object)
  local owner = object.owner or 0
  local held = owner > 0 and "held by task " .. owner or object.held .. " held here"
  return join(
    object.label .. ": " .. (object.held > 0 and held or "not held here"),
    object.waiters and "waited for by " .. tasks_of(object.waiters))
end

local function show_watcher(watcher)
  return join(("%s (fd %d)"):format(watcher.label, watcher.fd), watcher.listening
    and "listened to", waiting(watcher))
end

local function show_other(handle) return handle.label end

local SECTIONS <const> = {
  {"tasks", "tasks", show_task}, {"children", "children", show_child},
  {"streams", "streams", show_stream}, {"channels", "channels", show_channel},
  {"timers", "timers", show_timer}, {"servers", "servers", show_server},
  {"udp sockets", "udp", show_udp}, {"connections being made", "dials", show_other},
  {"signals listened to", "signals", show_signal}, {"named objects", "sync", show_sync},
  {"watches", "watchers", show_watcher}, {"others", "others", show_other},
}

-- What the rest of a long list has in common.
local function group_of(item)
  if not item.stack then
    return item.place or item.type or item.running and "running" or "others"
  end
  local does = item.state == "waiting" and "wait for " .. (item.waits_for or "their start")
    or item.state == "ready" and "are ready" or "run"
  return does .. (item.place and " at " .. item.place or "")
end

local function show_rest(out, list, first)
  local counts, order = {}, {}
  for i = first, #list do
    local group = group_of(list[i])
    if not counts[group] then order[#order + 1] = group end
    counts[group] = (counts[group] or 0) + 1
  end
  table.sort(order, function(a, b)
    if counts[a] ~= counts[b] then return counts[a] > counts[b] end
    return a < b
  end)
  out[#out + 1] = ("  … %d more:"):format(#list - first + 1)
  for i = 1, math.min(#order, GROUPS) do
    out[#out + 1] = ("    %d: %s"):format(counts[order[i]], clean(order[i]))
  end
  if #order > GROUPS then out[#out + 1] = ("    … and %d other groups"):format(#order - GROUPS) end
end

local function show_section(out, title, list, show)
  if #list == 0 then return end
  out[#out + 1] = ("%s (%d):"):format(title, #list)
  for i = 1, math.min(#list, LIMIT) do
    local lines = show(list[i])
    if type(lines) == "string" then lines = {lines} end
    for _, line in ipairs(lines) do out[#out + 1] = "  " .. clean(line) end
  end
  if #list > LIMIT then show_rest(out, list, LIMIT + 1) end
end

local function kept_alive_by(s)
  local list, parts = s.kept_alive_by, {}
  if #list == 0 then
    local live = 0
    for _, task in ipairs(s.tasks) do live = live + (task.dispatch and 0 or 1) end
    if s.loop.exiting then return "nothing: it is about to exit" end
    if live == 0 then return "nothing: it is about to end" end
    return ("nothing: a deadlock of %s"):format(plural(live, "task"))
  end
  for i = 1, math.min(#list, KEEPERS) do parts[i] = list[i] end
  if #list > KEEPERS then parts[KEEPERS + 1] = ("%d more"):format(#list - KEEPERS) end
  return table.concat(parts, "; ")
end

local function command_line(s)
  local text = clean(table.concat({s.script or "none", table.unpack(s.args, 1, 20)}, " "))
  return #text > WIDTH and text:sub(1, WIDTH) .. " …" or text
end

-- text([snapshot]) -> the whole dump
function M.text(s)
  s = s or snapshot.snapshot()
  local out = {
    ("%s, pid %d, parent %d%s"):format(s.version, s.pid, s.ppid, s.loop.exiting
      and ", exiting with " .. s.loop.exit_code or ""),
    "script: " .. command_line(s),
    join("up " .. seconds(s.loop.uptime), plural(s.loop.turns, "turn") .. " of the loop",
      plural(s.loop.tasks_started, "task") .. " started", s.heap and "heap " .. bytes(s.heap)),
    "kept alive by: " .. clean(kept_alive_by(s)),
  }
  for _, section in ipairs(SECTIONS) do
    show_section(out, section[1], s[section[2]], section[3])
  end
  out[#out + 1] = ""
  return table.concat(out, "\n")
end

local function check_target(where)
  local kind = type(where)
  if (kind == "userdata" or kind == "table") and where.write then return where end
  error(("bad argument #1 to 'dump' (a stream or a file that can be written expected, got %s)")
    :format(kind), 3)
end

--- dump([where]) -> true | nil, message, code: writes the text to a stream or file, or to standard
-- error
function M.dump(where)
  if where ~= nil then check_target(where) end
  local text = M.text()
  local target = where or io.stderr
  local written, message, code = target:write(text)
  if not written and message then return nil, message, code end
  return true -- an object of the script's own need not return anything
end

return M
