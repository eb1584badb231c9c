-- life.lua - one worker as its pool sees it: started, greeted, dismissed, its end explained.

local new_error = require "procrun.events.error".new
local proc = require "procrun.proc"
local task = require "procrun.core.task"
local timer_now = require "procrun.core.self".now
local wire = require "procrun.pool.wire"

local M = {}

local LAST_WORDS <const> = 5 -- seconds in which a worker ends that has nothing more to do
M.LAST_WORDS = LAST_WORDS

local function name_of(p, worker)
  local host = worker.place.host
  local pid = worker.child and (" " .. worker.child.pid) or ""
  return ("worker%s of %s%s"):format(host and "" or pid, p._name, host and " at " .. host or "")
end

-- What proc.fork is told. The file is named only for who looks at the processes: its text is sent.
local function start_options(p, place)
  local o = {}
  for key, value in pairs(p._start) do o[key] = value end
  local args = table.move(o.exec_args or {}, 1, #(o.exec_args or {}), 1, {})
  args[#args + 1], args[#args + 2] = "-l", "procrun.pool.worker"
  o.exec_args, o.exec_path = args, place.exec_path
  if place.far then
    o.channel, o.cwd = o.channel or "stdio", nil -- the words are for a shell there, not for here
    if not o.stderr then
      o.label, o.stderr, o.capture = o.label or place.host, "pipe", { stderr = "tail" }
    end
  end
  return o
end

-- Behind ssh a shell reads the words.
local function far_name(p)
  local name = p._name:match("([^/]*)$")
  return name:find("^[%w_][%w_.-]*$") and name or "worker.lua"
end

local function fork(p, worker)
  local place = worker.place
  local child, message, code = proc.fork(place.far and far_name(p) or p._path, {},
    start_options(p, place))
  if not child then
    return nil, new_error {
      message = ("%s cannot be started: %s"):format(name_of(p, worker), message), code = code,
    }
  end
  worker.child, worker.channel, worker.started = child, child.channel, timer_now()
  return child
end

-- How its process ended; by force if it does not.
local function ending_of(worker)
  local child = worker.child
  local result = child:wait(LAST_WORDS)
  if result then return result end
  worker.ended_by_us = true
  child:kill_tree "SIGKILL"
  return child:wait()
end

local function how(worker, result)
  if worker.ended_by_us then return "has closed its channel" end
  if result.signal then return "was ended by " .. result.signal end
  return ("ended with status %d"):format(result.code)
end

-- What a start without a greeting means.
local function explain(p, worker, code)
  if code == "ETIMEDOUT" then
    worker.child:kill_tree "SIGKILL"
    ending_of(worker)
    return new_error {
      message = ("%s was not ready after %g s (see start_timeout)"):format(name_of(p, worker),
        p._options.start_timeout), code = code,
    }
  end
  local result = ending_of(worker)
  local text = require "procrun.pool.far".explain(worker, result)
    or how(worker, result) .. " before it was ready"
  return new_error {
    message = ("%s cannot be started: %s"):format(name_of(p, worker), text), code = "ENOEXEC",
    exit_code = result.code, signal = result.signal, host = worker.place.host,
  }
end

-- Its first answer; what a far shell prints before is no message of ours.
local function receive_greeting(p, worker)
  local limit = p._options.start_timeout
  local deadline = timer_now() + limit
  while true do
    local left = limit < math.huge and math.max(0, deadline - timer_now()) or nil
    local message, why, code = worker.child:receive(left)
    if message == nil then return nil, why, code end
    if type(message) == "table" and (message.ready or message.failed) then return message end
  end
end

local function script_failed(p, worker, described)
  worker.child:disconnect()
  ending_of(worker)
  described.message = ("%s cannot be started: %s"):format(name_of(p, worker), described.message)
  described.code = described.code or "ENOEXEC"
  described.host = worker.place.host
  return new_error(described)
end

--- start(p, worker) -> true | nil, error
function M.start(p, worker)
  local child, err = fork(p, worker)
  if not child then return nil, err end
  child:send(p._hello)
  local greeting, _, code = receive_greeting(p, worker)
  if not greeting then return nil, explain(p, worker, code) end
  if greeting.failed then return nil, script_failed(p, worker, greeting.failed) end
  if greeting.ready ~= wire.PROTOCOL or worker.place.far then
    local why = require "procrun.pool.far".compare(worker.place, greeting)
    if why then return nil, script_failed(p, worker, { message = why, code = "EPROTO" }) end
  end
  worker.pid, worker.receive, worker.held = greeting.pid, child:messages(), true
  worker.send = child.send
  child:unref()
  return true
end

--- dismiss(worker): it has nothing more to do, and ends by itself
function M.dismiss(worker)
  if worker.dismissed then return end
  worker.dismissed = true
  worker.child:ref() -- somebody may wait for its end
  worker.child:disconnect()
end

--- see_off(p, worker): it and what it has started are ended, by force if need be
function M.see_off(p, worker)
  worker.dismissed = true
  worker.child:ref()
  getmetatable(worker.child).__close(worker.child)
  p:_ended(worker) -- at the exit of this process nobody else tells of it
end

--- kill(p, worker): the same, beside the caller
function M.kill(p, worker)
  if not worker.child then return end
  worker.dismissed = true
  task.spawn(task.shield, M.see_off, p, worker)
end

--- finish(p, worker) -> error: its channel has ended, and so has it when this returns
function M.finish(p, worker)
  local result = ending_of(worker)
  if p._killed then return p._killed end
  local text = worker.killed
      and "was ended because a job that was cancelled had not ended after the grace"
    or how(worker, result)
  local who = name_of(p, worker)
  return new_error {
    message = ("%s %s while it did this job"):format(who, text), code = "EOWNERDEAD",
    exit_code = result.code, signal = result.signal, worker = worker.pid,
    host = worker.place.host,
  }
end

return M
