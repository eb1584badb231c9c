-- result.lua - how a command ended: run, pipeline and wait return one.

local new_error = require "procrun.events.error".new

local Result = {}
Result.__index = Result
Result.__name = "procrun.result"

local function no_colon(name)
  require "procrun.events.misuse"("call it with a colon: result:%s(...)", name)
end

local TAIL = 2000 -- bytes of stderr that a message shows

local function tail(text)
  text = text:gsub("%s+$", "")
  if #text <= TAIL then return text end
  local cut = text:sub(-TAIL)
  return "…" .. (cut:match("\n(.*)$") or cut)
end

local function status_of(self)
  if self.errno == "ENOBUFS" then return "wrote more than max_buffer and was ended" end
  if self.timed_out then return ("ran out of time after %.3g s"):format(self.timeout) end
  if self.stopped then
    return ("stopped for the terminal (%s) and was ended"):format(self.stopped)
  end
  local why = self.limit and (" at its %s limit"):format(self.limit) or ""
  if self.signal then return "was ended by " .. self.signal .. why end
  if self.code == 0 then return "succeeded" end
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

--- result:to_error() -> the error object of a failed command
function Result:to_error()
  if getmetatable(self) ~= Result then no_colon("to_error") end
  local message = tostring(self)
  local stderr = self.stderr and tail(self.stderr)
  if stderr and stderr ~= "" then message = message .. "\n" .. stderr end
  return new_error {
    message = message, code = self.errno, exit_code = self.code, signal = self.signal,
    timed_out = self.timed_out, command = self.command, result = self, path = self.path,
    stage = self.stage,
  }
end

--- result:check() -> result; raises the error object when the command has failed
function Result:check()
  if getmetatable(self) ~= Result then no_colon("check") end
  if self.ok then return self end
  error(self:to_error(), 0)
end

local function captured(self, name)
  if self.stdout then return self.stdout end
  error(("%s: the output of `%s` was not captured"):format(name, self.command), 3)
end

--- result:text() -> standard output without the newlines at its end
function Result:text()
  if getmetatable(self) ~= Result then no_colon("text") end
  return (captured(self, "text"):gsub("[\r\n]+$", ""))
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

--- failed(file, argv, command, message, code) -> the result of what could not be started
function Result.failed(file, argv, command, message, code)
  return Result.new {
    ok = false, error = message, errno = code, path = file, argv = argv, command = command,
    stdout = "", stderr = "", timed_out = false, seconds = 0,
    usage = require "procrun.core.process".no_usage(),
  }
end

--- new(fields) -> result
function Result.new(fields)
  return setmetatable(fields, Result)
end

return Result
