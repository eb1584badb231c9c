-- proc.lua - processes: spawn, run, exec, exec_file, fork, pipeline.
-- local proc = require "proc"; print(proc.run("uname", {"-a"}):check():text())

local child_type = require "procrun.proc.child"
local command = require "procrun.proc.command"
local result = require "procrun.proc.result"
local spawn = require "procrun.proc.spawn"
local stdio = require "procrun.proc.stdio"
local vm = require "procrun.core.vm"

local M = {
  _types = {
    child = child_type.methods,
    result = { check = result.check, text = result.text, lines = result.lines, json = result.json,
      to_error = result.to_error, status = result.status },
  },
  quote = command.quote,
  env = require "procrun.process.env",
  clock = require "procrun.core.self".now,
}

--- spawn(file, [args], [options]) -> child | nil, message, code
function M.spawn(file, args, options)
  local f, a, o = command.parse("spawn", file, args, options)
  local child, message, code = spawn.start("spawn", f, a, o, stdio.PIPES)
  if child then return child end
  return nil, message, code
end

--- run(file, [args], [options]) -> result
function M.run(file, args, options)
  local f, a, o = command.parse("run", file, args, options, { capture = true })
  local default = o.capture == true and stdio.CAPTURE or stdio.SHOW
  local child, message, code, step = spawn.start("run", f, a, o, default)
  if not child then
    return result.failed(spawn.program(f, o), o.visible or { f, table.unpack(a) },
      spawn.shown(f, a, o), message, code, step)
  end
  local _ <close> = child
  local _ <close> = spawn.has_terminal() and require "procrun.proc.terminal".watch(child) or nil
  return (child:wait())
end

local own_path -- asked once: the file may be replaced while this process runs

-- The launcher, and the words behind it: its own arguments, options for it, and the script.
local function launcher_of(script, o)
  own_path = own_path or vm.bundle and vm.bundle.path or require "procrun.core.self".exec_path()
  local launcher, words = o.exec_path or { own_path }, {}
  local last, bundled = launcher[#launcher], nil
  if script == "bundle" then script = "./bundle" end -- a file, no sub-command
  if vm.bundle then bundled, launcher = vm.bundle.adapt(script, o, launcher) end
  if vm.pass_on and not o.exec_path then table.move(vm.pass_on, 1, #vm.pass_on, 1, words) end
  if o.exec_path then table.move(launcher, 2, #launcher, 1, words) end
  if o.exec_args then table.move(o.exec_args, 1, #o.exec_args, #words + 1, words) end
  if o.channel == "stdio" then -- a variable would not cross ssh
    local is_own = last == own_path or require "procrun.path".basename(last):find("^procrun")
    if is_own then words[#words + 1] = "--channel=stdio" end
  end
  -- cwd is not where it is
  words[#words + 1] = bundled or o.cwd and require "procrun.path".absolute(script) or script
  return launcher[1], words
end

--- fork(script, [args], [options]) -> child | nil, message, code
function M.fork(script, args, options)
  local f, a, o = command.parse("fork", script, args, options)
  local launcher, words = launcher_of(f, o)
  for i = 1, #a do words[#words + 1] = a[i] end
  if o.autokill == nil and not o.detached then o.autokill = 15 end
  o.shell = nil
  local default = o.silent and stdio.PIPES or stdio.INHERIT
  local child, message, code = spawn.start("fork", launcher, words, o, default, true)
  if child then return child end
  return nil, message, code
end

local lazy = {
  exec = "procrun.proc.exec", exec_file = "procrun.proc.exec", pipeline = "procrun.proc.pipeline",
  start_pipeline = "procrun.proc.pipeline",
  info = "procrun.proc.monitor", list = "procrun.proc.monitor", system = "procrun.proc.monitor",
  exec_luafile = "procrun.proc.luapower", popen_async = "procrun.proc.luapower",
  scope = "procrun.proc.scope",
}

for name, module in pairs(lazy) do
  M[name] = function(...)
    M[name] = require(module)[name]
    return M[name](...)
  end
end

-- The type of what is loaded when first used.
setmetatable(M._types, { __index = function(types, name)
  if name == "job" then types.job = require "procrun.proc.job".methods end
  return rawget(types, name)
end, __pairs = function(types)
  local _ = types.job
  return next, types
end })

setmetatable(M, { __index = function(_, key)
  return require "procrun.events.camel".check("proc", key, M)
end })

--- which(name) -> path | nil, message, "ENOENT": the program that a bare name would run
function M.which(name)
  if type(name) ~= "string" or name == "" then
    error(("bad argument #1 to 'which' (name of a program expected, got %s)"):format(
      name == "" and "''" or type(name)), 2)
  end
  local is_executable = require "procrun.core.process".is_executable
  if name:find("/", 1, true) then
    if is_executable(name) then return name end
  else
    for dir in ((os.getenv("PATH") or "/usr/local/bin:/bin:/usr/bin") .. ":"):gmatch("([^:]*):") do
      local path = (dir == "" and "." or dir) .. "/" .. name
      if is_executable(path) then return path end
    end
  end
  return nil, ("which: no program '%s' on PATH"):format(name), "ENOENT"
end

--- setenv(name, [value]): sets a variable of this process; nil and false remove it
function M.setenv(name, value)
  if value == false then value = nil end
  if type(name) ~= "string" or name == "" or name:find("[=%z]") then
    error(("bad argument #1 to 'setenv' (name of a variable expected, got %s)"):format(
      type(name) == "string" and ("%q"):format(name) or type(name)), 2)
  end
  local kind = type(value)
  if kind == "string" and value:find("%z") then kind = "string with a NUL byte" end
  if kind ~= "string" and kind ~= "number" and kind ~= "nil" then
    error(("bad argument #2 to 'setenv' (string, number or nil expected, got %s)"):format(kind), 2)
  end
  M.env[name] = value
end

return M
