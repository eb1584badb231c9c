-- shown.lua - an output of a child that passes through here: copied to where this process writes,
-- or to a sink, and kept for the result as far as `capture` says.
--
-- capture = true is the core stream's own affair: s:capture(limit), gathered(), take(). Here, with
-- the same two methods, a task takes the bytes from there. With 'tee' more than the limit is an
-- overflow: reading stops, the child is ended (outcome.lua), what fits is kept.

local ending = require "procrun.proc.ending"
local new_sink = require "procrun.proc.sinks".of
local task = require "procrun.core.task"

local M = {}

local TAIL <const> = 8192 -- bytes that 'tail' and 'last' keep
local REST <const> = 1024 * 1024 -- bytes taken in while nobody shows them any more
local PIECE <const> = 64 * 1024

local Shown = {}
Shown.__index = Shown

local all = {} -- keys: those that have not ended

-- How a mode of `capture` keeps a chunk.
local keeps = {}

function keeps.tee(self, chunk)
  self.size = self.size + #chunk
  self.parts[#self.parts + 1] = chunk
end

function keeps.tail(self, chunk)
  self.tail = #chunk >= TAIL and chunk:sub(-TAIL) or (self.tail .. chunk):sub(-TAIL)
end

keeps.last = keeps.tail

function keeps.show() end

local function put(self, chunk)
  self.busy = true
  self:keep(chunk)
  if self.sink then self.sink:write(chunk) end
  self.busy = false
end

local function over(self)
  if self.sink then self.sink:finish() end
  self.ended = true
  all[self] = nil
  self.list:wake_all()
end

-- The task was cancelled, at the end of the run: what comes while the child is being ended is taken
-- in without it, and shown by settle.
local function leave(box)
  local self = box[1]
  self.busy = false
  if self.settling or self.ended or self.core:closed() then return end
  self.core:flow(false)
  self.core:capture(REST)
end

local leaving = { __close = leave }

local function copy(self)
  local core = self.core
  local _ <close> = setmetatable({ self }, leaving)
  core:flow(true)
  while self.size <= self.limit and not self.settling do
    local chunk = core:read_some()
    if not chunk then break end
    put(self, chunk)
  end
  if self.settling then self.list:wake_all() else over(self) end
end

local function is_idle(self)
  return not self.busy
end

local function has_ended(self)
  return self.ended
end

--- settle(): shows what has come so far, and ends; nobody waits for more
function Shown:settle()
  if self.ended then return end
  local list = self.list
  if self.settling then
    list:wait(nil, "an output to be shown", has_ended, self)
    return
  end
  self.settling = true
  if self.busy then list:wait(nil, "an output to be shown", is_idle, self) end
  self.copier:cancel()
  local core = self.core
  if not core:closed() then
    core:flow(false, self.copier)
    core:pull()
    while core:state() > 0 do put(self, core:take(PIECE)) end
  end
  over(self)
end

--- gathered() -> has everything come?, was it too much?
function Shown:gathered()
  return self.ended, self.size > self.limit
end

--- take() -> the bytes that the result gets | nil for none
function Shown:take()
  if self.parts then return table.concat(self.parts):sub(1, self.limit) end
  return self.tail
end

--- new(core stream, mode, limit, sink or nil, list): the list is woken at the end
function M.new(core, mode, limit, sink, list)
  local self = setmetatable({
    core = core, keep = keeps[mode], limit = limit, size = 0, sink = sink, list = list,
    parts = mode == "tee" and {} or nil, tail = (mode == "tail" or mode == "last") and "" or nil,
    busy = false, settling = false, ended = false,
  }, Shown)
  all[self] = true
  self.copier = task.spawn_daemon("copy of an output", copy, self)
  return self
end

-- What a filter that is the last stage makes: kept and shown as an output of a child would be.
local Keeper = { is_ours = true, take = Shown.take }
Keeper.__index = Keeper

function Keeper:write(bytes)
  self:keep(bytes)
  if self.sink then self.sink:write(bytes) end
  if self.size > self.limit then return nil, "too much", "ENOBUFS" end
  return true
end

function Keeper:finish()
  if self.sink then self.sink:finish() end
  self.sink = nil
end

--- keeper(mode, limit, [options]) -> sink of a filter (filter.lua), with take()
function M.keeper(mode, limit, o)
  local all_kept = mode == true or mode == "tee"
  return setmetatable({
    keep = all_kept and keeps.tee or keeps[mode], size = 0, limit = limit,
    parts = all_kept and {} or nil, tail = (mode == "tail" or mode == "last") and "" or nil,
    sink = mode ~= true and mode ~= "last" and new_sink(1, o) or nil,
  }, Keeper)
end

--- adopt(child, fd, mode): an output of a child that was just started
function M.adopt(child, fd, mode)
  local o, sink = child._options, nil
  if mode ~= "last" then sink = new_sink(o.shown and o.shown[fd] or fd, o) end
  child._captured[fd] = M.new(child._streams[fd], mode, child._max_buffer, sink, child._list)
  child._shows = true
end

--- take_over(entries, options, [footer_up]) -> entries: outputs that would be ours, and that shall
--- come by line or as a whole, pass through here
function M.take_over(entries, o, footer_up)
  local taken, capture = nil, o.capture
  for fd = 1, 2 do
    local to = entries[fd]
    local by_line = (to == 1 or to == 2) and footer_up and footer_up(to)
    if (to == 1 or to == 2) and (o.label or o.output or by_line) then
      if not taken then
        taken = table.move(entries, 1, #entries, 1, { [0] = entries[0] })
        if capture == true then capture = { true, true } end
        o.capture, o.shown = { capture and capture[1], capture and capture[2] }, {}
      end
      taken[fd], o.capture[fd], o.shown[fd] = "pipe", "show", to
      o.by_line = o.by_line or by_line
    end
  end
  return taken or entries
end

--- settle(child): of each of its outputs
function M.settle(child)
  for _, one in pairs(child._captured) do
    if getmetatable(one) == Shown then one:settle() end
  end
end

-- At the end of the run: nothing that came is lost.
function ending.at_end()
  while next(all) do next(all):settle() end
end

return M
