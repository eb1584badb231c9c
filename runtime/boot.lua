-- boot.lua - the main task: prepares the globals, runs the script.
-- What only some programs need stands in require.lua, boot_options.lua and usage.lua: each function
-- here is paid for by every start.

local vm = package.loaded["procrun.core.vm"]
local loader -- the module require.lua, once something was required

local function load_require()
  local task = vm.builtin "procrun.core.task" ()
  package.loaded["procrun.core.task"] = task
  loader = vm.builtin "procrun.runtime.require" (vm, task)
  return loader
end

--- require(name) -> module, loader data. As Lua's, but the module's main chunk may wait.
function require(name)
  local l = loader or load_require()
  require = l.require
  return l.require(name)
end

local function searcher(name)
  return function(...) return (loader or load_require()).more()[name](...) end
end

do
  local list = package.searchers
  list[2] = searcher "search_path"
  table.insert(list, 2, searcher "search_script_dir")
  table.insert(list, 3, searcher "search_builtin")
end

-- The global `process` is its module's table, filled at the first use of any field: read (self,
-- key), written (self, key, value) or listed by pairs (self).
do
  local function fill(self, ...)
    local key, value = ...
    require "procrun.process"
    local count = select("#", ...)
    if count == 1 then return self[key] end
    if count == 0 then return pairs(self) end
    self[key] = value
  end
  process = setmetatable(vm.process, {__index = fill, __newindex = fill, __pairs = fill})
end

-- The file, or nil for standard input. `...` is what `arg` holds now: -e and LUA_INIT may have
-- changed it, as with lua. Tail-called, so that tracebacks say "main chunk".
local function run_script(file)
  if file then vm.script_dir = vm.dir_of(file) end
  local chunk, message = loadfile(file, "t")
  if not chunk then error(message, 0) end
  if type(arg) ~= "table" then error("'arg' is not a table", 0) end
  return chunk(table.unpack(arg))
end

local function main(argv)
  local script, options = 2, nil
  if not argv[2] or argv[2]:sub(1, 1) == "-" then
    options = vm.options or vm.builtin "procrun.runtime.boot_options" (argv)
    if options.done then return end
    script = options.script
  end
  arg = {}
  for i = 1, #argv do arg[i - (script or 1)] = argv[i] end
  if os.getenv "NODE_CHANNEL_FD" or options and options.stdio_channel then
    -- It is read from now on, whether or not the script ever asks for its parent: one who sends a
    -- handle waits for the answer. process.lua takes it over.
    local self = require "procrun.core.self"
    local list = require "procrun.core.task".list()
    local fd_in, fd_out = self.adopt_channel(options and options.stdio_channel)
    if fd_in then
      vm.parent = {list, require "procrun.core.channel".open(fd_in, fd_out, list)}
    end
  end
  vm.collect()
  if os.getenv "LUA_INIT" or os.getenv "LUA_INIT_5_4" or options then
    options = options or vm.builtin "procrun.runtime.boot_options" {}
    options.run()
  end
  if script then run_script(not (options and options.is_input) and argv[script] or nil) end
  if options and options.i then require "procrun.repl"._main() end
end

return main {...}
