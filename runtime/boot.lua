-- boot.lua - the main task: reads the command line, prepares the globals, runs the script.

local vm = require "procrun.core.vm"

local loaded, preload, searchers = package.loaded, package.preload, package.searchers
local script_dir -- of the script; nil for -e and standard input

-- require ---------------------------------------------------------------------------------------

local loading = {} -- module name -> {task =, waits_for = record}: modules being loaded

local function search_builtin(name)
  local full = name
  if not name:find("^procrun%.") then
    if name:find(".", 1, true) then return nil end
    full = "procrun." .. name
  end
  local loader = vm.builtin(full)
  if not loader then return "no built-in module '" .. full .. "'" end
  if full == name then return loader, ":built-in:" end
  return function() return (require(full)) end, ":built-in:"
end

local function search_script_dir(name)
  if not script_dir then return nil end
  local file, tried = package.searchpath(name, script_dir .. "/?.lua;" .. script_dir .. "/?/init.lua")
  if not file then return tried end
  local loader, message = loadfile(file)
  if not loader then
    error(("error loading module '%s' from file '%s':\n\t%s"):format(name, file, message), 0)
  end
  return loader, file
end

local function find_loader(name)
  if name:find("^procrun%.") then
    local loader, data = search_builtin(name)
    if type(loader) == "function" then return loader, data end
  end
  local tried = {}
  for _, search in ipairs(searchers) do
    local loader, data = search(name)
    if type(loader) == "function" then return loader, data end
    if type(loader) == "string" then tried[#tried + 1] = "\n\t" .. loader end
  end
  error(("module '%s' not found:%s"):format(name, table.concat(tried)), 3)
end

local function finish(record)
  loading[record.name] = nil
  if record.list then record.list:wake_all() end
end

local task -- procrun.core.task

-- Another task loads this module already: wait for it, unless it waits for us.
local function wait_for(record, name)
  local me = task.current()
  local r = record
  while r do
    if r.task == me then error(("loop while loading module '%s'"):format(name), 3) end
    r = r.waits_for
  end
  for _, own in pairs(loading) do
    if own.task == me then own.waits_for = record end
  end
  record.list = record.list or task.list()
  record.list:wait(nil, "a module being loaded", function() return loading[name] ~= record end)
  for _, own in pairs(loading) do
    if own.task == me then own.waits_for = nil end
  end
end

--- require(name) -> module, loader data. As Lua's, but the module's main chunk may wait.
function require(name)
  if type(name) ~= "string" then
    name = type(name) == "number" and tostring(name)
      or error(("bad argument #1 to 'require' (string expected, got %s)"):format(type(name)), 2)
  end
  while true do
    local value = loaded[name]
    if value then return value end
    if not loading[name] then break end
    wait_for(loading[name], name)
  end
  local record <close> = setmetatable({name = name, task = task and task.current()}, {__close = finish})
  loading[name] = record
  local loader, data = find_loader(name)
  local value = loader(name, data)
  if value ~= nil then
    loaded[name] = value
  elseif loaded[name] == nil then
    loaded[name] = true
  end
  return loaded[name], data
end

table.insert(searchers, 2, search_script_dir)
table.insert(searchers, 3, search_builtin)
task = require "procrun.core.task"

-- globals ---------------------------------------------------------------------------------------

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

-- Waiting counterparts of the standard library's blocking calls, loaded when first called.
do
  local standard_input
  local function input()
    standard_input = standard_input or require "procrun.process".stdin
    return standard_input
  end
  local read, lines = io.read, io.lines
  function io.read(...)
    if io.input() == io.stdin then return input():read(...) end
    return read(...)
  end
  function io.lines(name, ...)
    if name == nil and io.input() == io.stdin then
      local formats = table.pack(...)
      return function() return input():read(table.unpack(formats, 1, formats.n)) end
    end
    return lines(name, ...)
  end
end

-- the command line ------------------------------------------------------------------------------

local USAGE = [==[
usage: procrun [options] [script [args]]
Runs a Lua 5.4 script whose main chunk, and every task it starts, may wait.
Options are lua's:
  -e stat   execute string 'stat'
  -l mod    require library 'mod' into global 'mod'
  -l g=mod  require library 'mod' into global 'g'
  -v        show version information
  -E        ignore environment variables
  -W        turn warnings on
  --        stop handling options
  -         stop handling options and execute standard input
  --help    this text
  --version the versions of procrun and of what it is built on
Built-in modules: channel events fs json path pipe proc process signal stream task timer tty
]==]

local function print_version()
  print(require "procrun.core.self".version())
end

local function fail(message)
  io.stderr:write("procrun: ", message, "\n", USAGE)
  vm.exit(1)
end

local function run_string(text, name)
  local chunk, message = load(text, name, "t")
  if not chunk then error(message, 0) end
  chunk()
end

local function run_library(spec)
  local name, module = spec:match("^([%a_][%w_]*)=(.+)$")
  if not name then
    name = spec:match("^[^-]*") -- as lua: the global's name ends where a version suffix begins
    module = spec
  end
  _G[name] = require(module)
end

local function run_init()
  for _, variable in ipairs {"LUA_INIT_5_4", "LUA_INIT"} do
    local init = os.getenv(variable)
    if init then
      if init:sub(1, 1) == "@" then return dofile(init:sub(2)) end
      return run_string(init, "=" .. variable)
    end
  end
end

-- Reads the options as lua.c does: actions in order, the index of the script (or nil).
local function read_options(argv)
  local o = {actions = {}}
  local i = 2
  local function value(text, what)
    if text ~= "" then return text end
    i = i + 1
    if not argv[i] then fail(("'-%s' needs argument"):format(what)) end
    return argv[i]
  end
  while argv[i] and argv[i]:sub(1, 1) == "-" do
    local option, kind = argv[i], argv[i]:sub(2, 2)
    if option == "-" then return o, i end
    if option == "--" then return o, argv[i + 1] and i + 1 end
    if option == "--help" then o.help = true
    elseif option == "--version" then o.version = true
    elseif kind == "e" or kind == "l" then
      o.actions[#o.actions + 1] = {kind, value(option:sub(3), kind)}
    elseif option == "-v" then o.v = true
    elseif option == "-E" then o.E = true
    elseif option == "-W" then o.actions[#o.actions + 1] = {"W"}
    elseif option == "-i" then fail("'-i': this version has no interactive mode; use -e or a script")
    else fail(("unrecognized option '%s'"):format(option)) end
    i = i + 1
  end
  return o, argv[i] and i
end

local function set_arg(argv, script)
  local shift = script or 1
  arg = {}
  for i = 1, #argv do arg[i - shift] = argv[i] end
end

local function load_script(file)
  if file == "-" then return loadfile(nil, "t") end
  script_dir = file:match("^(.*)/[^/]*$")
  if script_dir == "" then script_dir = "/" end
  script_dir = script_dir or "."
  return loadfile(file, "t")
end

local function run_script(argv, script)
  local chunk, message = load_script(script and argv[script] or "-")
  if not chunk then error(message, 0) end
  return chunk(table.unpack(argv, (script or #argv) + 1))
end

local function main(argv)
  local o, script = read_options(argv)
  if o.help then
    io.write(USAGE)
    return
  end
  if o.v or o.version then print_version() end
  set_arg(argv, script)
  require "procrun.core.self".adopt_channel()
  if not o.E then run_init() end
  for _, action in ipairs(o.actions) do
    if action[1] == "e" then run_string(action[2], "=(command line)")
    elseif action[1] == "l" then run_library(action[2])
    else warn("@on") end
  end
  if script or (#o.actions == 0 and not o.v and not o.version) then run_script(argv, script) end
end

return main {...}
