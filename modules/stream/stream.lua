-- stream.lua - bytes in and out: a child's pipes, files, sockets, standard input and output.
-- for line in child.stdout:lines() do … end; process.stdout:write("…")

local events = require "procrun.events"
local new_error = require "procrun.events.error".new
local task = require "procrun.core.task"
local core = require "procrun.core.stream"

local methods = {}
local M = {_types = {stream = methods}}

local properties = {}

function properties.is_tty(self)
  return require "procrun.core.tty".is_tty(self._core:fileno() or -1)
end

function properties.columns(self)
  return (require "procrun.core.tty".size(self._core:fileno() or -1)) or nil
end

function properties.rows(self)
  return (select(2, require "procrun.core.tty".size(self._core:fileno() or -1)))
end

local Stream = {
  __name = "procrun.stream",
  __index = function(self, key)
    local method = methods[key]
    if method ~= nil then return method end
    local property = properties[key]
    if property then return property(self) end
  end,
}

local function core_of(self, name)
  local c = type(self) == "table" and rawget(self, "_core")
  if not c then error(("call it with a colon: stream:%s(...)"):format(name), 3) end
  return c
end

-- The core stream, about to be read by a call.
local function reader_of(self, name)
  local c = core_of(self, name)
  if self._flowing then
    local taker = self._flowing == true and "a 'data' listener" or self._flowing
    error(("%s: %s takes what comes; use one or the other"):format(name, taker), 3)
  end
  if c:closed() then error(("%s: the stream is closed"):format(name), 3) end
  self._used = true
  return c
end

--- read([format, ...]) -> as Lua's files: "l" (default), "L", "n", "a", a count of bytes
function methods:read(format, ...)
  local c = reader_of(self, "read")
  if select("#", ...) == 0 then return c:read(format, self.max_line) end
  local formats, results = table.pack(format, ...), {}
  for i = 1, formats.n do
    local value, message, code = c:read(formats[i], self.max_line)
    if value == nil and message then return nil, message, code end
    results[i] = value
    if value == nil then return table.unpack(results, 1, i) end
  end
  return table.unpack(results, 1, formats.n)
end

--- read_some([max]) -> what is there, at least one byte | nil at the end | nil, message, code
function methods:read_some(max)
  return reader_of(self, "read_some"):read_some(max)
end

--- lines([format]) -> iterator; raises on an error and for a line over max_line (1 MiB)
function methods:lines(format)
  local c = reader_of(self, "lines")
  format = format or "l"
  return function()
    if c:closed() then return nil end
    local line, message, code = c:read(format, self.max_line)
    if line == nil and message then error(new_error {message = message, code = code}, 0) end
    return line
  end
end

--- write(bytes, ...) -> stream | nil, message, code; waits until the bytes are on their way
function methods:write(...)
  local c = core_of(self, "write")
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

--- finish([data]) -> stream | nil, message, code: writes data, flushes, ends the writing side
function methods:finish(data)
  local c = core_of(self, "finish")
  if data ~= nil then
    local ok, message, code = self:write(data)
    if not ok then return nil, message, code end
  end
  local ok, message, code = c:flush()
  c:finish()
  if not ok then return nil, message, code end
  return self
end

--- close() -> true | nil, message, code: flushes and closes; a second call does nothing
function methods:close()
  local c = core_of(self, "close")
  if c:closed() then return true end
  local ok, message, code = true, nil, nil
  if select(4, c:state()) > 0 then ok, message, code = c:flush() end
  c:close()
  self:emit("close")
  if not ok then return nil, message, code end
  return true
end

Stream.__close = methods.close

--- fileno() -> descriptor | nil when closed
function methods:fileno()
  return core_of(self, "fileno"):fileno()
end

-- Whoever waits for all of a child's output learns that it was taken.
local function end_taking(box)
  local self = box[1]
  self._ended = true
  if self._list then self._list:wake_all() end
end

local taken = {__close = end_taking}

-- Reads until the end and hands on: the body of pipe's task.
local function pump(self, destination, finish)
  local c = self._core
  local _ <close> = setmetatable({self}, taken)
  while true do
    local chunk, message, code = c:read_some()
    if not chunk then
      if finish then destination:finish() end
      if message then return nil, message, code end
      return true
    end
    local ok, err, err_code = destination:write(chunk)
    if not ok then return nil, err, err_code end
  end
end

local function is_standard(stream)
  local fd = stream._core and stream._core:fileno()
  return stream._standard or fd == 1 or fd == 2
end

--- pipe(destination, [options]) -> task; writes all that comes to destination, then finishes it
--- (finish=false: not; never standard output). The task's results: true | nil, message, code.
function methods:pipe(destination, options)
  reader_of(self, "pipe")
  if type(destination) ~= "table" or not destination.write then
    error(("bad argument #1 to 'pipe' (stream expected, got %s)"):format(type(destination)), 2)
  end
  local finish = not is_standard(destination)
  if options ~= nil then
    for key in pairs(options) do
      if key ~= "finish" then
        error(("pipe: unknown option '%s' (known: finish)"):format(key), 2)
      end
    end
    if options.finish ~= nil then finish = options.finish end
  end
  self._flowing = true
  local t = task.spawn(pump, self, destination, finish)
  t.name = "pipe"
  self._taker = t
  return t
end

-- The dispatch task of a stream with a `data` listener.
local function dispatch(self)
  local c = self._core
  c:flow(true)
  local _ <close> = setmetatable({self}, taken)
  while not c:closed() do
    local chunk, message, code = c:read_some()
    if chunk then
      self._taking = #chunk
      self:emit("data", chunk)
      self._taking, self._given = 0, self._given + #chunk
      if self._list then self._list:wake_all() end
    elseif message and code ~= "ECANCELED" then
      local err = new_error {message = message, code = code}
      if self:listener_count("error") == 0 then error(err, 0) end
      self:emit("error", err)
      break
    else
      break
    end
  end
  self:emit("end")
end

function methods:_listening(name, count)
  if name ~= "data" or count == 0 or self._flowing == true then return end
  if self._flowing then error(("on: %s takes what comes"):format(self._flowing), 4) end
  if self._core:closed() then error("on: the stream is closed", 4) end
  self._flowing, self._used = true, true
  self._given, self._taking = 0, 0 -- bytes that listeners have got, and are getting
  self._taker = task.spawn_daemon("data of a stream", dispatch, self)
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
    standard[fd] = M.wrap(core.standard(fd))
    standard[fd]._standard, standard[fd]._standard_fd = true, fd
  end
  return standard[fd]
end

--- is_stream(value) -> boolean
function M.is_stream(value)
  return getmetatable(value) == Stream
end

return M
