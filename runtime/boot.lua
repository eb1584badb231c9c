-- boot.lua - the main task: reads the command line, prepares the globals, runs the script.
-- What only some scripts need stands in require.lua and usage.lua: start-up pays for none of it.

-- globals ---------------------------------------------------------------------------------------

local vm = package.loaded["procrun.core.vm"]
local loader -- the module require.lua, once something was required

local function load_require()
  loader = vm.builtin("procrun.runtime.require")(vm, package.loaded["procrun.core.task"])
  return loader
end

--- require(name) -> module, loader data. As Lua's, but the module's main chunk may wait.
function require(name)
  local l = loader or load_require()
  require = l.require
  return l.require(name)
end

local function searcher(name)
  return function(...) return (loader or load_require())[name](...) end
end

do
  local list = package.searchers
  list[2] = searcher "search_path"
  table.insert(list, 2, searcher "search_script_dir")
  table.insert(list, 3, searcher "search_builtin")
end

-- The global `process` is its module's table, filled at the first use of any field.
process = setmetatable(vm.process, {
  __index = function(self, key)
    setmetatable(self, nil)
    require "procrun.process"
    return self[key]
  end,
  __newindex = function(self, key, value)
    setmetatable(self, nil)
    require "procrun.process"
    self[key] = value
  end,
  __pairs = function(self)
    setmetatable(self, nil)
    return pairs(require "procrun.process")
  end,
})

-- io.read, io.lines, io.stdin:read and io.stdin:lines share the buffer of process.stdin.
do
  local standard_input
  function vm.hooks.stdin(method, ...)
    standard_input = standard_input or require "procrun.stream"._standard(0)
    return standard_input[method](standard_input, ...)
  end
end

-- the command line ------------------------------------------------------------------------------

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
local function read_value(argv, i)
  if #argv[i] > 2 then return argv[i]:sub(3), i end
  local value = argv[i + 1]
  if not value or value:sub(1, 1) == "-" then fail("'%s' needs argument", argv[i]) end
  return value, i + 1
end

-- Reads the options as lua.c does: actions in order, the index of the script (or nil).
local function read_options(argv)
  local o = {actions = {}}
  local i = 2
  while argv[i] and argv[i]:sub(1, 1) == "-" and argv[i] ~= "-" do
    local option, kind = argv[i], argv[i]:sub(2, 2)
    if option == "--" then
      i = i + 1
      break
    elseif kind == "e" or kind == "l" then
      local value
      value, i = read_value(argv, i)
      o.actions[#o.actions + 1] = {kind, value}
      o.e = o.e or kind == "e"
    elseif option == "-W" then o.actions[#o.actions + 1] = {"W"}
    elseif option == "-v" or option == "--version" then o.v = true
    elseif option == "-E" then o.E = true
    elseif option == "--help" then o.help = true
    elseif option == "--channel=stdio" then o.stdio_channel = true
    elseif option == "-i" then
      error("'-i': there is no interactive mode yet; give a script, -e, or - for standard input", 0)
    else fail("unrecognized option '%s'", option) end
    i = i + 1
  end
  return o, argv[i] and i
end

local function set_arg(argv, script)
  local shift = script or 1
  arg = {}
  for i = 1, #argv do arg[i - shift] = argv[i] end
end

local function dir_of(file)
  local dir = file:match("^(.*)/[^/]*$")
  return dir == "" and "/" or dir or "."
end

-- The file, or nil for standard input. `...` is what `arg` holds now: -e and LUA_INIT may have
-- changed it, as with lua.
local function run_script(file)
  if file then vm.script_dir = dir_of(file) end
  local chunk, message = loadfile(file, "t")
  if not chunk then error(message, 0) end
  if type(arg) ~= "table" then error("'arg' is not a table", 0) end
  return chunk(table.unpack(arg))
end

-- Neither a script nor -e or -v: standard input, without arguments.
local function run_input()
  if require "procrun.core.tty".is_tty(0) then
    io.stderr:write("procrun: reading a script from the terminal, up to Ctrl-D; see --help\n")
  end
  local chunk, message = loadfile(nil, "t")
  if not chunk then error(message, 0) end
  return chunk()
end

local function main(argv)
  local o, script = read_options(argv)
  if o.help then return io.write(require "procrun.runtime.usage".text()) end
  if o.v then print(require "procrun.runtime.usage".version()) end
  set_arg(argv, script)
  if o.stdio_channel or os.getenv("NODE_CHANNEL_FD") then
    require "procrun.core.self".adopt_channel(o.stdio_channel)
  end
  collectgarbage "restart"
  if not o.E then run_init() end
  for _, action in ipairs(o.actions) do
    if action[1] == "e" then run_string(action[2], "=(command line)")
    elseif action[1] == "l" then run_library(action[2])
    else warn("@on") end
  end
  if script then
    local is_input = argv[script] == "-" and argv[script - 1] ~= "--"
    run_script(not is_input and argv[script] or nil)
  elseif not o.e and not o.v then
    run_input()
  end
end

return main {...}
