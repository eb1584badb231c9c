-- descriptor.lua - an element of stdio that is no word: a number, a stream, a file, any object with
-- fileno() or fd. descriptor.of("spawn", "stdin", value, given) -> descriptor

local core = require "procrun.core.process"
local misuse = require "procrun.events.misuse"
local stream = require "procrun.stream"

local M = {}

-- A field of a table, or of a userdata that has fields.
local function field(value, name)
  local kind = type(value)
  local meta = kind == "userdata" and getmetatable(value)
  if kind == "table" or type(meta) == "table" and meta.__index then return value[name] end
end

-- What was written to the stream goes out first, and who listens to it gets no more: the bytes that
-- come are for the child.
local function of_stream(fname, where, value, given)
  if value._standard then
    stream._stop(value)
    return value._standard_fd
  end
  if not value:fileno() then misuse("%s: %s: the stream is closed", fname, where) end
  if not stream._stop(value) then
    misuse("%s: %s: %s takes what comes from this stream", fname, where, value._flowing)
  end
  if value._unread then value:_unread() end -- a file goes back to where the script has stopped
  if value._core:state() > 0 then
    misuse("%s: %s: %d bytes of this stream have been read in already and would be lost",
      fname, where, (value._core:state()))
  end
  value:flush()
  given[#given + 1] = value
  return value._core:give()
end

local function check_number(fname, where, number)
  local fd = math.tointeger(number)
  if not fd or fd < 0 then
    misuse("%s: %s: %s is no descriptor", fname, where, tostring(number))
  end
  return fd
end

local function of_object(fname, where, value)
  local fileno = field(value, "fileno")
  local fd = fileno and fileno(value)
  if fileno and not fd then misuse("%s: %s: it has no descriptor: is it closed?", fname, where) end
  fd = fd or field(value, "fd")
  if type(fd) == "number" then return check_number(fname, where, fd) end
  misuse("%s: %s: 'pipe', 'ignore', 'inherit', a stream, a file, a descriptor, or an object with "
    .. "fileno() or fd expected, got %s", fname, where, type(value))
end

--- of(fname, where, value, given) -> descriptor; streams are added to the list `given`
function M.of(fname, where, value, given)
  if type(value) == "number" then return check_number(fname, where, value) end
  if stream.is_stream(value) then return of_stream(fname, where, value, given) end
  local kind = io.type(value)
  if kind == "closed file" then misuse("%s: %s: the file is closed", fname, where) end
  if kind then return core.fileno(value) end
  return of_object(fname, where, value)
end

-- The output of one child that another has now: its own no longer takes what comes.
local function leave(child, core_stream)
  for fd, s in pairs(child._streams) do
    if fd > 0 and s == core_stream then child._streams[fd] = nil end
  end
end

--- hand_over(list, keep_open): the child has them now. Our copy of the end of a pipe is closed; a
--- file or a socket stays ours.
function M.hand_over(given, keep_open)
  for _, s in ipairs(given) do
    local fd, child = s:fileno(), s._child
    if fd and not keep_open and core.is_pipe(fd) then s:close() end
    if child then leave(child, s._core) end
  end
end

return M
