-- start.lua - the first steps of a bundle and of `procrun bundle`: it is the main task's function
-- in place of boot.lua, which it goes on with. vm.bundle is what the rest of the house knows of a
-- bundle, vm.options what stands in for boot_options.lua.

local vm = package.loaded["procrun.core.vm"]
local argv = {...}
local argv0 = argv[1]
local core = vm.builtin "procrun.core.bundle" ()
package.loaded["procrun.core.bundle"] = core

-- Without arguments it asks for options, whatever they are.
local function boot() return vm.builtin "procrun.runtime.boot" (argv0) end

if not core.is_here() then
  vm.options = {run = function() return require "procrun.bundle.command".main(argv) end}
  return boot()
end

local files, message = core.open()
if not files then
  io.stderr:write(argv0 or "procrun", ": cannot run this bundle: ", message, "\n")
  vm.exit(1)
end

local path = vm.builtin "procrun.core.self" ().exec_path() or argv0
local prefix = path:match("^.*/") or "./"
-- path: of the executable; prefix: its folder with a slash, which stands for the bundled one
local M = {files = files, path = path, prefix = prefix, argv = argv}
M.main = files:entry(files:main())
vm.bundle = M

--- name(script) -> the bundled file that is meant | nil: it is one of the disk
function M.name(script)
  if script == path or script == M.argv0 then return M.main end
  if files:find(script) then return script end
  local started = M.argv0 and M.argv0:match("^.*/") -- scripts ask arg[0] for their folder
  if started and script:sub(1, #started) == started then
    script = script:sub(#started + 1)
  elseif script:sub(1, 1) == "/" then
    if script:sub(1, #prefix) ~= prefix then return nil end
    script = script:sub(#prefix + 1)
  end
  local name = vm.builtin "procrun.bundle.name" ()(script)
  return name and files:find(name) and name
end

--- adapt(script, options, launcher) -> bundled file | nil, launcher: of a child to be started
function M.adapt(...)
  M.adapt = vm.builtin "procrun.bundle.child" (M)
  return M.adapt(...)
end

local function dir_of(file, otherwise)
  local folder = file:match("^(.*)/[^/]*$")
  return folder == "" and "/" or folder or otherwise
end

-- What `require` asks first, or, for a script of the disk, after that script's own folder; and what
-- it asks before package.path.
local function install_searchers(file)
  local name = file and M.name(file)
  local search -- search.lua, once something was required
  local function searcher(kind)
    return function(...)
      local folder = name and dir_of(name, "") or ""
      search = search or vm.builtin "procrun.bundle.search" (files, core, folder, M.name)
      return search[kind](...)
    end
  end
  local list, at = package.searchers, name and 2 or 3
  if name then table.remove(list, 2) end
  table.insert(list, at, searcher "by_name")
  table.insert(list, at + 2, searcher "by_path") -- behind the built-in modules
end

-- Tail-called, so that tracebacks say "main chunk". No file: standard input.
local function run_script(file)
  local name = file and M.name(file)
  local chunk, why
  if name then
    vm.script_dir = dir_of(prefix .. name)
    chunk, why = files:load(files:find(name), "@" .. name)
  else
    if file then vm.script_dir = vm.dir_of(file) end
    chunk, why = loadfile(file, "t")
  end
  if not chunk then error(why, 0) end
  return chunk(table.unpack(arg))
end

-- The script, if there is one, is argv[index].
local function prepare(index, script)
  install_searchers(script)
  arg = {}
  for i = 1, #argv do arg[i - index] = argv[i] end
end

if core.takes_arguments() then
  M.argv0 = argv0
  vm.options = {run = function()
    prepare(1, M.main)
    return run_script(M.main)
  end}
elseif argv[2] and argv[2]:sub(1, 1) ~= "-" then -- a worker
  vm.options = {run = function()
    prepare(2, argv[2])
    return run_script(argv[2])
  end}
end

--- take(options) -> options: of a worker that is started with some
function M.take(o)
  local script, before = o.script, o.run
  o.script, o.E = nil, true -- LUA_INIT is for scripts of the user
  function o.run()
    local file = script and not o.is_input and argv[script] or nil
    prepare(script or 1, file)
    before()
    if script then return run_script(file) end
  end
  return o
end

return boot()
