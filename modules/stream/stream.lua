-- stream.lua - bytes in and out: a child's pipes, files, sockets, standard input and output.
-- for line in child.stdout:lines() do … end; process.stdout:write("…")

local events = require "procrun.events"
local misuse = require "procrun.events.misuse"
local make_index = require "procrun.events.index"
local new_error = require "procrun.events.error".new
local task = require "procrun.core.task"
local core = require "procrun.core.stream"
local hooks = require "procrun.core.vm".hooks

local methods, properties = {}, {}
local M = {_types = {stream = methods}}

function properties.is_tty(self)
  return (self._core:terminal())
end

function properties.columns(self)
  return (select(2, self._core:terminal()))
end

function properties.rows(self)
  return (select(3, self._core:terminal()))
end

function properties.max_line(self)
  return rawget(self, "_max_line") or 1024 * 1024
end

local Stream = {
  __name = "procrun.stream",
  __index = make_index(methods, properties),
  __newindex = function(self, key, value)
    if key == "max_line" then
      if math.type(value) ~= "integer" or value < 1 then
        misuse("max_line: a positive integer expected, got %s", tostring(value))
      end
      self._core:limit(value)
      key = "_max_line"
    end
    rawset(self, key, value)
  end,
  __tostring = function(self)
    local fd = self._core:fileno()
    return fd and ("stream (descriptor %d)"):format(fd) or "stream (closed)"
  end,
}

local function core_of(self, name, index, callback)
  local c = type(self) == "table" and rawget(self, "_core")
  if not c then misuse("call it with a colon: stream:%s(...)", name) end
  if callback == nil then return c end
  misuse("bad argument #%d to '%s' (nothing expected, got %s: it returns when it is done)", index,
    name, type(callback))
end

-- The core stream, about to be read by a call.
local function reader_of(self, name)
  local c = core_of(self, name)
  if self._flowing then
    misuse("%s: %s takes what comes; use one or the other", name, self._flowing)
  end
  if c:closed() then misuse("%s: the stream is closed", name) end
  self._used = true
  return c
end

local LETTERS <const> = {l = true, L = true, a = true, n = true}

local function check_formats(name, ...)
  for i = 1, select("#", ...) do
    local format = select(i, ...)
    if type(format) == "string" then
      if not LETTERS[format] and not LETTERS[format:match("^%*?(.?)")] then
        misuse("bad argument #%d to '%s' (invalid format)", i, name)
      end
    elseif type(format) ~= "number" then
      if format == nil and select("#", ...) == 1 then return end
      misuse("bad argument #%d to '%s' (format or count expected, got %s)", i, name, type(format))
    elseif not math.tointeger(format) or format < 0 then
      misuse("bad argument #%d to '%s' (a count of bytes cannot be %s)", i, name, format)
    end
  end
end

--- read([format, ...]) -> as Lua's files: "l" (default), "L", "n", "a", a count of bytes
function methods:read(...)
  local c = reader_of(self, "read")
  if not LETTERS[...] or select("#", ...) ~= 1 then check_formats("read", ...) end
  return c:read(...)
end

--- read_some([max]) -> what is there, at least one byte | nil at the end | nil, message, code
function methods:read_some(max)
  local c = reader_of(self, "read_some")
  if max ~= nil and (math.type(max) ~= "integer" or max < 1) then
    misuse("bad argument #1 to 'read_some' (positive integer expected, got %s)", tostring(max))
  end
  return c:read_some(max)
end

local function raise(message, code)
  error(new_error {message = message, code = code}, 0)
end

--- lines([format, ...]) -> iterator; raises on an error and for a line over max_line (1 MiB)
function methods:lines(...)
  local c = reader_of(self, "lines")
  check_formats("lines", ...)
  return c:lines(raise, ...)
end

local function check_bytes(name, ...)
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    if type(value) ~= "string" and type(value) ~= "number" then
      misuse("bad argument #%d to '%s' (string expected, got %s)", i, name, type(value))
    end
  end
end

--- write(bytes, ...) -> stream | nil, message, code; waits until the bytes are on their way
function methods:write(...)
  local c = core_of(self, "write")
  check_bytes("write", ...)
  if c:closed() then return nil, "write: the stream is closed", "EPIPE" end
  local ok, message, code = c:write(...)
  if not ok then return nil, message, code end
  return self
end

--- flush() -> stream | nil, message, code; waits until the kernel has everything
function methods:flush()
  local ok, message, code = core_of(self, "flush"):flush()
  if not ok then return nil, message, code end
  return self
end

-- The child whose output this is, if it is one, looks again what keeps the process alive.
local function tell_child(self)
  if self._child then self._child:_outputs_changed() end
end

-- Tells, once, that the stream has been closed.
local function tell_closed(self)
  if self._closed or not self._core:closed() then return end
  self._closed = true
  if self._on_closed then self:_on_closed() end
  tell_child(self)
  self:emit("close")
end

--- finish([data]) -> stream | nil, message, code: writes data, flushes, ends the writing side
function methods:finish(data, callback)
  local c = core_of(self, "finish", 2, callback)
  if data ~= nil then
    check_bytes("finish", data)
    local ok, message, code = self:write(data)
    if not ok then return nil, message, code end
  end
  local ok, message, code = c:flush()
  c:finish()
  tell_closed(self)
  if not ok then return nil, message, code end
  return self
end

--- close() -> true | nil, message, code: flushes and closes; a second call does nothing
function methods:close(callback)
  local c = core_of(self, "close", 1, callback)
  local ok, message, code = true, nil, nil
  if not c:closed() then
    if select(3, c:state()) > 0 then ok, message, code = c:flush() end
    c:close()
  end
  tell_closed(self)
  if not ok then return nil, message, code end
  return true
end

-- A block that is left by an error or a cancel does not wait for a peer that may never read.
function Stream.__close(self, err)
  if err ~= nil then self._core:leave() end
  self:close()
end

--- ref() -> stream: listeners, and an output of a child, keep this process alive: the default
function methods:ref()
  core_of(self, "ref"):ref(true)
  self._loose = false
  if self._dispatches and self._taker then task.busy(true, self._taker) end
  tell_child(self)
  return self
end

--- unref() -> stream: they do not; a task that waits here still does
function methods:unref()
  core_of(self, "unref"):ref(false)
  self._loose = true
  if self._dispatches and self._taker and not self._busy then task.busy(false, self._taker) end
  tell_child(self)
  return self
end

--- fileno() -> descriptor | nil when closed
function methods:fileno()
  return core_of(self, "fileno"):fileno(true)
end

-- Whoever took what comes does not any more; who waits for all of a child's output learns of it.
local function release(self)
  self._flowing, self._taker, self._ended = nil, nil, true
  if self._list then self._list:wake_all() end
end

local released = {__close = function(box) release(box[1]) end}

-- Reads until the end and hands on: the body of pipe's task.
local function pump(self, destination, finish)
  local c = self._core
  local _ <close> = setmetatable({self}, released)
  while true do
    local chunk, message, code
    if c:closed() then -- while the chunk before was written
      message, code = "the stream was closed", "ECANCELED"
    else
      chunk, message, code = c:read_some()
    end
    if not chunk then
      if finish then destination:finish() end
      if message then return nil, message, code end
      return true
    end
    local ok, err, err_code = destination:write(chunk)
    if not ok then return nil, err, err_code end
  end
end

--- pipe(destination, [options]) -> task; writes all that comes to destination, then finishes it
--- (finish=false: not; never standard output). The task's results: true | nil, message, code.
function methods:pipe(destination, options)
  reader_of(self, "pipe")
  if not M.is_stream(destination) then
    misuse("bad argument #1 to 'pipe' (stream expected, got %s)", type(destination))
  end
  local finish = not destination._standard
  if options ~= nil then
    for key in pairs(options) do
      if key ~= "finish" then misuse("pipe: unknown option '%s' (known: finish)", tostring(key)) end
    end
    if options.finish ~= nil then finish = options.finish end
  end
  self._flowing, self._ended, self._dispatches = "pipe", nil, false
  local t = task.spawn(pump, self, destination, finish)
  t.name = "pipe"
  self._taker = t
  return t
end

local function tell_end(self, message, code)
  if code and code ~= "ECANCELED" then
    local heard = self:listener_count("error") > 0
    if not heard then message = ("%s: %s"):format(self, message) end -- all that is then shown
    local err = new_error {message = message, code = code}
    if not heard then error(err, 0) end
    self:emit("error", err)
  elseif not code then
    self:emit("end")
  end
end

-- One chunk for the listeners; nothing is taken out before it is known that there are some. False
-- at the end, and when nobody listens any more.
local function deliver(self, c)
  if self:listener_count("data") == 0 then return false end
  if self._loose then task.busy(false) end
  local more, message, code = c:read(0)
  self._busy = true
  if self._loose then task.busy(true) end
  if more then
    local chunk = c:read_some()
    if chunk then
      self._taking = #chunk
      self:emit("data", chunk)
      self._taking, self._given = 0, self._given + #chunk
      if self._list then self._list:wake_all() end
    end
    self._busy = false
    return true
  end
  self._over = true
  tell_end(self, message, code)
  return false
end

local stopped = {__close = function(box)
  local self = box[1]
  if self._taker ~= task.current() then return end
  self._busy = nil
  if not self._core:closed() then self._core:flow(false) end
  release(self)
end}

-- The dispatch task of a stream with a `data` listener. What is only read closes at its end.
local function dispatch(self)
  local c = self._core
  if self._taker ~= task.current() or c:closed() then return end
  local _ <close> = setmetatable({self}, stopped)
  c:flow(true)
  while not self._halt and not c:closed() and deliver(self, c) do end
  if not self._over then return end
  local _, writable = c:mode()
  if not writable then c:close() elseif self._ends_both then self:close() end
  tell_closed(self)
end

-- The first `data` listener starts the flow; without the last one it stands still, nothing lost.
local function start(self)
  local c = self._core
  if c:closed() then misuse("on: the stream is closed") end
  if self._flowing then misuse("on: %s takes what comes; use one or the other", self._flowing) end
  if not c:mode() then misuse("on: the stream cannot be read") end
  self._flowing, self._used, self._dispatches = "a 'data' listener", true, true
  self._given, self._taking = 0, 0 -- bytes that listeners have got, and are getting
  self._ended, self._halt, self._loose = nil, false, self._loose or false
  self._taker = task.spawn(dispatch, self) -- no daemon: it is there until the end has come
  self._taker.name = "data of a stream"
end

local function stop(self)
  if self._busy then return end -- it looks for itself
  local t = self._taker
  t:cancel()
  self._core:flow(false, t)
  release(self)
end

function methods:_listening(name, count)
  if name ~= "data" then
    if count > 0 and self._child and (name == "end" or name == "close") then
      self._child:_dispatch()
    end
    return
  end
  local dispatches = self._taker and self._dispatches
  if count > 0 and not dispatches and not self._over then
    start(self)
  elseif count == 0 and dispatches then
    stop(self)
  end
end

-- Its child has ended, and nothing here will tell so: the child's own task does.
function methods:_tell_over(at_end)
  if self._closed then return end
  self._closed = true
  if at_end then self:emit("end") end
  self:emit("close")
end

events.extend(methods)

--- _wrap(core stream) -> stream
function M.wrap(core_stream)
  return setmetatable({_core = core_stream}, Stream)
end

local standard = {}

--- _standard(fd) -> the stream of standard input, output or error
function M._standard(fd)
  if not standard[fd] then
    local s = M.wrap(core.standard(fd))
    s._standard, s._standard_fd = true, fd
    standard[fd] = s
    if fd == 0 then hooks.stdin = function(name) reader_of(s, name) end end -- io reads there, too
  end
  return standard[fd]
end

-- For rooms whose streams can do more (sockets): the metatable, and all that belong to streams.
M._base, M._kinds = Stream, {[Stream] = true}
--- _stop(stream) -> boolean: its `data` listeners get no more until one is added anew; false where
--- something else takes what comes
function M._stop(self)
  if not self._flowing then return true end
  if not self._dispatches then return false end
  self._halt = true
  stop(self)
  return true
end

--- is_stream(value) -> boolean
function M.is_stream(value)
  return M._kinds[getmetatable(value)] == true
end

return M
