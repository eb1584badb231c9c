-- boot_options.lua - the command line where it is more than a script and its arguments; LUA_INIT.
-- Loaded by boot.lua: what is asked for, and run(), which does what comes before the script.

local vm = package.loaded["procrun.core.vm"]
local argv = vm.bundle and vm.bundle.argv or ...

local function fail(text, ...)
  io.stderr:write("procrun: ", text:format(...), "\n", require "procrun.runtime.usage".text())
  vm.exit(1)
end

-- Text only, as everywhere; tail-called, so that tracebacks say "main chunk".
local function run_string(text, name)
  local chunk, message = load(text, name, "t")
  if not chunk then error(message, 0) end
  return chunk()
end

local function run_library(spec)
  local name, module = spec:match("^([^=]*)=(.*)$")
  if not name then
    name = spec:match("^[^-]*") -- as lua: the global's name ends where a version suffix begins
    module = spec
  end
  _G[name] = require(module)
end

local function run_init()
  local name = os.getenv("LUA_INIT_5_4") and "LUA_INIT_5_4" or "LUA_INIT"
  local init = os.getenv(name)
  if not init then return end
  if init:sub(1, 1) == "@" then return dofile(init:sub(2)) end
  return run_string(init, "=" .. name)
end

-- The argument of -e or -l at argv[i], and the index where it stands.
local function read_value(i)
  if #argv[i] > 2 then return argv[i]:sub(3), i end
  local value = argv[i + 1]
  if not value or value:sub(1, 1) == "-" then fail("'%s' needs argument", argv[i]) end
  return value, i + 1
end

-- Reads the options as lua.c does: actions in order, the index of the script (or nil).
local function read_options()
  local o = {actions = {}}
  local i = 2
  while argv[i] and argv[i]:sub(1, 1) == "-" and argv[i] ~= "-" do
    local option, kind = argv[i], argv[i]:sub(2, 2)
    if option == "--" then
      i = i + 1
      break
    elseif kind == "e" or kind == "l" then
      local value
      value, i = read_value(i)
      o.actions[#o.actions + 1] = {kind, value}
      o.e = o.e or kind == "e"
    elseif option == "-W" then o.actions[#o.actions + 1] = {"W"}
    elseif option == "-v" or option == "--version" then o.v = true
    elseif option == "-E" then o.E = true
    elseif option == "--help" then o.help = true
    elseif option == "--config" then o.config = true
    elseif option:find("^%-%-config=") then o.config = option:sub(10)
    elseif option == "--channel=stdio" then o.stdio_channel = true
    elseif option == "-x" or option == "-n" then
      o.inside = o.inside or {}
      o.inside[option] = true
    elseif option:find("^%-%-profile") or option:find("^%-%-trace") then
      o.inside = o.inside or {}
      i = require "procrun.procrun.options".read(o.inside, argv, i, fail)
    elseif option == "-i" then o.i, o.v = true, true
    else fail("unrecognized option '%s'", option) end
    i = i + 1
  end
  return o, argv[i] and i
end

-- Neither a script nor -e or -v: a person at a terminal, or standard input without arguments.
local function run_input(o)
  if require "procrun.core.tty".is_tty(0) then
    print(require "procrun.runtime.usage".version())
    o.i = true
    return
  end
  local chunk, message = loadfile(nil, "t")
  if not chunk then error(message, 0) end
  return chunk()
end

local o, script = read_options()
if o.i or not (script or o.e or o.v) then vm.builtin "procrun.runtime.own_globals" () end
if o.help then io.write(require "procrun.runtime.usage".text()) end
if o.v and not o.help then print(require "procrun.runtime.usage".version()) end
if o.config then
  local name = o.config ~= true and o.config or nil
  local ok, message = require "procrun.procrun.config".print_config(name)
  if not ok then fail("%s", message) end
end
o.done = o.help or o.config
o.script = script
o.is_input = script and argv[script] == "-" and argv[script - 1] ~= "--"

function o.run()
  if o.inside then require "procrun.procrun.options".start(o.inside) end
  if not o.E then run_init() end
  for _, action in ipairs(o.actions) do
    if action[1] == "e" then run_string(action[2], "=(command line)")
    elseif action[1] == "l" then run_library(action[2])
    else warn("@on") end
  end
  if argv[1] and not script and not o.e and not o.v then run_input(o) end
end

return vm.bundle and vm.bundle.take(o) or o
