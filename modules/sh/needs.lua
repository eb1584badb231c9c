-- needs.lua - sh.need("git", "rsync"), sh.which "node", sh.fail("nothing to do", 3),
-- sh.check(fs.read(path)).

local misuse = require "procrun.events.misuse"
local plain = require "procrun.sh.failure".plain
local which = require "procrun.proc".which

local M = {}

local function check_name(fname, index, name)
  if type(name) ~= "string" or name == "" then
    misuse("bad argument #%d to '%s' (name of a program expected, got %s)", index, fname,
      name == "" and "''" or type(name))
  end
end

--- need(names...): raises one error that names all the programs that are missing
function M.need(...)
  local missing = {}
  for i = 1, select("#", ...) do
    local name = select(i, ...)
    check_name("need", i, name)
    if not which(name) then missing[#missing + 1] = name end
  end
  if #missing == 0 then return end
  error(plain(("this needs %s, not found on PATH"):format(table.concat(missing, ", ")),
    { code = "ENOENT", _status = 127 }), 0)
end

--- which(name) -> path | nil, message, code
function M.which(name)
  check_name("which", 1, name)
  return which(name)
end

local function check_code(code)
  if not code or code == 0 then return 1 end -- a failure does not exit with 0
  if math.type(code) == "integer" and code > 0 and code <= 255 then return code end
  misuse("bad argument #2 to 'fail' (exit status from 1 to 255 expected, got %s)",
    require "procrun.proc.options".show(code))
end

--- fail(message, [code]): ends the script with one line on standard error, unless it is caught
function M.fail(message, code)
  if type(message) ~= "string" and not math.type(message) then
    misuse("bad argument #1 to 'fail' (message expected, got %s)", type(message))
  end
  local status = check_code(code)
  error(plain(tostring(message), { exit_code = status, _status = status }), 0)
end

--- check(value, message, ...) -> the same; where the value is nil or false the message is the
--- error, with the script's line and without a traceback: what the world refused is no bug
function M.check(...)
  local value, message, code = ...
  if value then return ... end
  if select("#", ...) == 0 then misuse("bad argument #1 to 'check' (value expected)") end
  if type(message) == "table" or type(message) == "userdata" then error(message, 0) end
  message = message == nil and "a value expected, got " .. tostring(value) or tostring(message)
  error(plain(message, { code = type(code) == "string" and code or nil,
    where = require "procrun.sh.words".where() }), 0)
end

return M
