-- listen.lua - signals as events of an emitter: listen(emitter); emitter:on("SIGTERM", fn)
--
-- An emitter with signal listeners has one subscription, and one dispatch task that emits what
-- arrives, in that order. The process does not stay alive for it. With the last listener of a
-- signal its default action returns, with the last of all both end.

local core = require "procrun.core.signal"
local task = require "procrun.core.task"

local M = {}

-- emitter -> {subscription =, [number] = list of the event names listened to: SIGIOT is SIGABRT}
local records = setmetatable({}, { __mode = "k" })

local function dispatch(emitter, record)
  while not record.subscription:closed() do
    local number = record.subscription:wait()
    if not number then return end
    local names = record[number] or {}
    task.busy(true) -- a listener that waits is not cut off, nor what has arrived behind it
    for _, name in ipairs(table.move(names, 1, #names, 1, {})) do
      emitter:emit(name, name, number)
    end
    task.busy(false)
  end
end

local function open(emitter, number)
  local subscription, message = core.open(false, number)
  if not subscription then return nil, message end
  local record = { subscription = subscription }
  records[emitter] = record
  task.spawn_daemon("signals", dispatch, emitter, record)
  return record
end

local function add(emitter, number, name)
  local record = records[emitter]
  if record and record[number] then
    for _, each in ipairs(record[number]) do
      if each == name then return true end
    end
    table.insert(record[number], name)
    return true
  end
  local ok, message
  if record then
    ok, message = record.subscription:add(number)
  else
    record, message = open(emitter, number)
    ok = record ~= nil
  end
  if ok then record[number] = { name } end
  return ok, message
end

local function remove(emitter, number, name)
  local record = records[emitter]
  local names = record and record[number] or {}
  for i, each in ipairs(names) do
    if each == name then table.remove(names, i) end
  end
  if #names > 0 or not record or not record[number] then return end
  record[number] = nil
  if not record.subscription:remove(number) then
    records[emitter] = nil
    record.subscription:close()
  end
end

--- listen.update(emitter, name, count) -> is name a signal's?
-- To be called from the emitter's `_listening` hook, not as a tail call. A signal that cannot be
-- caught raises, at the line that called `on`.
function M.update(emitter, name, count)
  local number = name:find("^SIG[%u%d+-]+$") and core.number(name)
  if not number then return false end
  if count == 0 then
    remove(emitter, number, name)
    return true
  end
  local ok, message = add(emitter, number, name)
  if not ok then error(message, 5) end
  return true
end

--- listen(emitter) -> emitter: puts the hook in place, before one that is there already
local function attach(_, emitter)
  local inner = emitter._listening
  function emitter._listening(self, name, count)
    local is_signal = M.update(self, name, count)
    if not is_signal and inner then inner(self, name, count) end
  end
  return emitter
end

return setmetatable(M, { __call = attach })
