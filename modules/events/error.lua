-- error.lua - the one error object: raised by check() and sh, handed to callbacks and `error`
-- events. Fields: message, code (errno name or nil); of a command also exit_code, signal,
-- timed_out, command, argv, cwd, seconds, stdout, stderr, where, result, path, stage; during: the
-- error that had begun to end a block when this one was raised by what the block does at its end.

local Error = {}
Error.__index = Error
Error.__name = "procrun.error"

-- Of an error that is no mistake of the script, beside message: _status, the exit status of a
-- program that ends with it; _text, the message with its place and its details.

local function with_during(self, text)
  if self.during == nil then return text end
  local fine, first = pcall(tostring, self.during)
  return ("%s\nwhile ending after:\n%s"):format(text, fine and first or type(self.during))
end

function Error:__tostring()
  return with_during(self, self._text or self.message)
end

local function text_of(self)
  if self._text then return self._text end
  return self.where and self.where .. ": " .. self.message or self.message
end

-- What came first decides.
local function status_of(self)
  local first = self.during
  if first == nil then return self._status or 1 end
  return getmetatable(first) == Error and status_of(first) or 1
end

--- what the runtime asks of an error that nobody has caught: text, exit status | nil: as any other
function Error:__uncaught()
  if not self._status then return nil end
  return with_during(self, text_of(self)), status_of(self)
end

--- new(fields) -> error; message is required
function Error.new(fields)
  return setmetatable(fields, Error)
end

--- is(value) -> boolean
function Error.is(value)
  return getmetatable(value) == Error
end

return Error
