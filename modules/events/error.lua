-- error.lua - the one error object: raised by check(), handed to callbacks and `error` events.
-- Fields: message, code (errno name or nil), exit_code, signal, timed_out, command, result, path,
-- stage.

local Error = {}
Error.__index = Error
Error.__name = "procrun.error"

function Error:__tostring()
  return self.message
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
