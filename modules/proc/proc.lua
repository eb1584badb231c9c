-- proc.lua - processes: spawn, run, exec, exec_file, fork, pipeline.
-- local proc = require "proc"; print(proc.run("uname", {"-a"}):check():text())

local child_type = require "procrun.proc.child"
local command = require "procrun.proc.command"
local result = require "procrun.proc.result"
local spawn = require "procrun.proc.spawn"

local M = {
  _types = {child = child_type.methods, result = result},
  quote = command.quote,
  env = require "procrun.process.env",
}

local PIPES = {[0] = "pipe", "pipe", "pipe"}
local INHERIT = {[0] = "inherit", "inherit", "inherit"}
local AUTOMATION = {[0] = "ignore", "pipe", "pipe"}

--- spawn(file, [args], [options]) -> child | nil, message, code
function M.spawn(file, args, options)
  local f, a, o = command.parse("spawn", file, args, options)
  return spawn.start("spawn", f, a, o, PIPES)
end

-- What could not be started, as a result.
local function failed_result(f, a, message, code)
  local argv = {f, table.unpack(a)}
  return result.new {ok = false, error = message, errno = code, stdout = "", stderr = "", argv = argv,
    command = command.show(argv), seconds = 0, timed_out = false}
end

--- run(file, [args], [options]) -> result
function M.run(file, args, options)
  local f, a, o = command.parse("run", file, args, options)
  if o.capture == nil then o.capture = true end
  local default = o.capture and AUTOMATION or {[0] = "ignore", "inherit", "inherit"}
  local child, message, code = spawn.start("run", f, a, o, default)
  if not child then return failed_result(f, a, message, code) end
  local guard <close> = child
  local r = child:wait()
  return r
end

--- fork(script, [args], [options]) -> child | nil, message, code
function M.fork(script, args, options)
  local f, a, o = command.parse("fork", script, args, options)
  local path = f
  if o.cwd and f:sub(1, 1) ~= "/" then path = require "procrun.path".absolute(f) end
  local launcher = o.exec_path or require "procrun.core.self".exec_path()
  if type(launcher) == "string" then launcher = {launcher} end
  local words = {}
  table.move(launcher, 1, #launcher, 1, words)
  local exec_args = o.exec_args or {}
  table.move(exec_args, 1, #exec_args, #words + 1, words)
  words[#words + 1] = path
  table.move(a, 1, #a, #words + 1, words)
  local file, list = command.parse("fork", words)
  if o.autokill == nil and not o.detached then o.autokill = "SIGTERM" end
  o.shell = nil
  return spawn.start("fork", file, list, o, o.silent and PIPES or INHERIT, true)
end

local lazy = {exec = "procrun.proc.exec", exec_file = "procrun.proc.exec", pipeline = "procrun.proc.pipeline"}

for name, module in pairs(lazy) do
  M[name] = function(...)
    M[name] = require(module)[name]
    return M[name](...)
  end
end

--- which(name) -> path | nil, message, "ENOENT": the program that a bare name would run
function M.which(name)
  if type(name) ~= "string" or name == "" then
    error("bad argument #1 to 'which' (name of a program expected)", 2)
  end
  local executable = require "procrun.core.process".is_executable
  if name:find("/", 1, true) then
    if executable(name) then return name end
  else
    for dir in (os.getenv("PATH") or "/usr/local/bin:/bin:/usr/bin"):gmatch("[^:]+") do
      local path = dir .. "/" .. name
      if executable(path) then return path end
    end
  end
  return nil, ("which: no program '%s' on PATH"):format(name), "ENOENT"
end

--- setenv(name, [value]): sets or removes a variable of this process
function M.setenv(name, value)
  M.env[name] = value
end

setmetatable(getmetatable(M.env), {__name = "procrun.env"})

return M
