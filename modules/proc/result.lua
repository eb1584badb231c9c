-- result.lua - how a command ended: run, pipeline and wait return one.

local new_error = require "procrun.events.error".new

local byte = string.byte
local NEWLINE <const> = { [10] = true, [13] = true }

local Result = {}
Result.__index = Result
Result.__name = "procrun.result"

-- What sh's users may know by other names.
local RENAMED <const> = { out = "stdout", err = "stderr", cmd = "command", timedout = "timed_out" }

setmetatable(Result, { __index = function(_, key)
  if not RENAMED[key] then return nil end
  require "procrun.events.misuse"("result.%s: it is called '%s' here", key, RENAMED[key])
end })

local function no_colon(name)
  require "procrun.events.misuse"("call it with a colon: result:%s(...)", name)
end

local TAIL = 2000 -- bytes of stderr that a message shows

local function tail(text)
  text = text:sub(-2 * TAIL):gsub("%s+$", "")
  if #text <= TAIL then return text end
  local cut = text:sub(-TAIL)
  return "…" .. (cut:match("\n(.*)$") or cut)
end

local function status_of(self)
  if self.errno == "ENOBUFS" then return "wrote more than max_buffer and was ended" end
  if self.problem then return self.problem end
  if self.timed_out then return ("ran out of time after %.3g s"):format(self.timeout) end
  if self.stopped then
    return ("stopped for the terminal (%s) and was ended"):format(self.stopped)
  end
  local why = self.limit and (" at its %s limit"):format(self.limit) or ""
  if self.signal then return "was ended by " .. self.signal .. why end
  if self.code == 0 then return "succeeded" end
  if self.ok then return "ended with exit status " .. self.code end -- sh's option ok accepts it
  return "failed with exit status " .. tostring(self.code) .. why
end

--- tostring(result): the command and how it ended, in a sentence
function Result:__tostring()
  if self.path then return self.error end -- it was not started
  local stages = self.stages
  local where = ""
  if stages and self.stage and #stages > 1 then
    local stage = stages[self.stage]
    where = (" (stage %d of %d: %s)"):format(self.stage, #stages, stage.command)
  end
  return ("`%s` %s%s"):format(self.command, status_of(self), where)
end

-- What is known of the command, as fields of an error.
function Result:_error_fields(message)
  return {
    message = message, code = self.errno, exit_code = self.code, signal = self.signal,
    timed_out = self.timed_out, command = self.command, argv = self.argv, seconds = self.seconds,
    stdout = self.stdout, stderr = self.stderr, result = self, path = self.path, stage = self.stage,
    _status = math.max(1, self:status()),
  }
end

local NOT_FOUND <const>, CANNOT_RUN <const>, TIMED_OUT <const> = 127, 126, 124

--- result:status() -> 0 to 255: the exit status as a shell tells it, also of what a signal has
--- ended, and for a program that ends because of this one
function Result:status()
  if getmetatable(self) ~= Result then no_colon("status") end
  if self.ok then return self.code or 0 end
  if self.timed_out then return TIMED_OUT end
  if self.errno == "ENOBUFS" or self.stopped then return 1 end -- it was we who ended it
  if self.signal then
    local _, number = require "procrun.core.process".signal(self.signal)
    return 128 + number
  end
  if not self.path then return self.code ~= 0 and self.code or 1 end
  if self.step ~= "exec" then return 1 end
  return self.errno == "ENOENT" and NOT_FOUND or CANNOT_RUN
end

--- result:to_error() -> the error object of a failed command
function Result:to_error()
  if getmetatable(self) ~= Result then no_colon("to_error") end
  local message = tostring(self)
  local stderr = self.stderr and tail(self.stderr)
  if stderr and stderr ~= "" then message = message .. "\n" .. stderr end
  local fields = self:_error_fields(message)
  fields.where = require "procrun.core.self".where()
  fields.during = require "procrun.core.task".pending_error()
  return new_error(fields)
end

--- result:check() -> result; raises the error object when the command has failed
function Result:check()
  if getmetatable(self) ~= Result then no_colon("check") end
  if self.ok then return self end
  error(self:to_error(), 0)
end

local function captured(self, name)
  if self.stdout then return self.stdout end
  local text = "%s: the output of `%s` was not captured (proc.run does that, sh.text and sh.try)"
  error(text:format(name, self.command), 3)
end

--- result:text() -> standard output without the newlines and carriage returns at its end
function Result:text()
  if getmetatable(self) ~= Result then no_colon("text") end
  local text = captured(self, "text")
  local n = #text -- a pattern would try every byte of it
  while n > 0 and NEWLINE[byte(text, n)] do n = n - 1 end
  return text:sub(1, n)
end

--- result:lines() -> list of the lines of standard output
function Result:lines()
  if getmetatable(self) ~= Result then no_colon("lines") end
  local list, text = {}, captured(self, "lines")
  if text ~= "" and text:sub(-1) ~= "\n" then text = text .. "\n" end
  for line in text:gmatch("([^\n]*)\n") do list[#list + 1] = line end
  return list
end

--- result:json() -> the value of standard output as JSON | nil, message, code
function Result:json()
  if getmetatable(self) ~= Result then no_colon("json") end
  return require "procrun.json".decode(captured(self, "json"))
end

--- failed(file, argv, command, message, code, step) -> the result of what could not be started;
--- step: what has failed, "exec", "cwd", …
function Result.failed(file, argv, command, message, code, step)
  return Result.new {
    ok = false, error = message, errno = code, step = step, path = file, argv = argv,
    command = command, stdout = "", stderr = "", timed_out = false, seconds = 0,
    usage = require "procrun.core.process".no_usage(),
  }
end

--- new(fields) -> result
function Result.new(fields)
  return setmetatable(fields, Result)
end

return Result
