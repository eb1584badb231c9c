-- LuaRocks with procrun as its lua_interpreter: a rock in Lua with a program and tests, one in C;
-- made, packed, installed from files and from a folder as server; LuaRocks itself run by procrun.
local rock = require "tests.lib.rock"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local luarocks = rock.program("luarocks", "luarocks")
local admin = rock.program("luarocks", "luarocks-admin")
local top = os.getenv("TMPDIR")

-- LUA_BINDIR has to hold the interpreter under its name.
fs.mkdir(top .. "/bin")
local procrun = top .. "/bin/procrun"
assert(fs.symlink(process.exec_path, procrun))

local include = proc.exec("pkg-config --cflags-only-I lua5.4 || pkg-config --cflags-only-I lua-5.4")
  :wait().stdout:match("-I(%S+)")
if not include or not proc.which("gcc") then
  print("skip: no C rock can be built here: gcc, pkg-config and lua5.4.pc are needed")
  os.exit(77)
end

local function folder(name, files)
  fs.mkdir(top .. "/" .. name)
  for file, text in pairs(files) do check.write(top .. "/" .. name .. "/" .. file, text) end
  local archive = name .. ".tar.gz"
  proc.run("tar", {"czf", archive, name}, {cwd = top}):check()
end

folder("adder-1.0", {
  ["adder-1.0-1.rockspec"] = ([[
    package = "adder"
    version = "1.0-1"
    source = {url = "file://%s/adder-1.0.tar.gz"}
    dependencies = {"lua >= 5.4"}
    build = {type = "builtin", modules = {adder = {sources = {"adder.c"}}}}]]):format(top),
  ["adder.c"] = [[
    #include <lua.h>
    #include <lauxlib.h>
    static int l_add(lua_State *L) {
      lua_pushinteger(L, luaL_checkinteger(L, 1) + luaL_checkinteger(L, 2));
      return 1;
    }
    int luaopen_adder(lua_State *L) {
      static const luaL_Reg list[] = {{"add", l_add}, {0, 0}};
      luaL_newlib(L, list);
      return 1;
    }]],
})
folder("greeter-2.0", {
  ["greeter-2.0-1.rockspec"] = ([[
    rockspec_format = "3.0"
    package = "greeter"
    version = "2.0-1"
    source = {url = "file://%s/greeter-2.0.tar.gz"}
    dependencies = {"lua >= 5.4", "adder >= 1.0"}
    test = {type = "command", script = "test.lua"}
    build = {type = "builtin", modules = {greeter = "greeter.lua", ["greeter.path"] = "path.lua"},
      install = {bin = {greet = "greet.lua"}}}]]):format(top),
  ["greeter.lua"] = "return {hello = function(name) return 'hello ' .. name end}",
  ["path.lua"] = "return 'its own path'",
  ["greet.lua"] = [[#!/usr/bin/env lua
    print(require "greeter".hello(arg[1]), require "greeter.path", require "adder".add(1, 2), ...)
    require "task".sleep("1ms")
    print(require "proc".run("sh", {"-c", "read x; echo $x"}, {input = io.read("a")}):text())
    os.exit(#arg)]],
  ["test.lua"] = [[
    require "task".sleep("1ms")
    print(require "greeter".hello "test", arg[0], process.exec_path == os.getenv "PROCRUN")
    os.exit(select("#", ...) == 0)]],
})

local function run(file, args, options)
  options.env = rock.env(options.env)
  options.timeout = 120
  return proc.run(file, args, options)
end

-- Everything of it stands below the folder of the test; nothing is asked for elsewhere.
local function rocks(launcher, tree, args, options)
  options = options or {}
  local all = {"--lua-version=5.4", "--tree=" .. tree}
  table.move(args, 1, #args, #all + 1, all)
  for i, word in ipairs(launcher) do table.insert(all, i, word) end
  return run(table.remove(all, 1), all, {cwd = options.cwd or top, env = options.env})
end

-- As a user configures it.
local function configure(launcher)
  for key, value in pairs {lua_interpreter = "procrun", ["variables.LUA_BINDIR"] = top .. "/bin",
    ["variables.LUA_INCDIR"] = include} do
    rocks(launcher, top .. "/none", {"config", key, value}):check()
  end
end

local function use(tree)
  local r = run(tree .. "/bin/greet", {"you", "all"}, {input = "input\n"})
  check.eq(r.stdout, "hello you\tits own path\t3\tyou\tall\ninput\n", r.stderr)
  check.eq(r.code, 2)
  check.has(check.read(tree .. "/bin/greet"), procrun)
end

for number, launcher in ipairs {{luarocks}, {process.exec_path, luarocks}} do
  local made, installed = top .. "/made" .. number, top .. "/installed" .. number
  fs.remove_tree(check.tmp "home")
  fs.mkdir_p(check.tmp "home/.luarocks")
  configure(launcher)
  check.eq(rocks(launcher, made, {"config", "lua_interpreter"}):check().stdout, "procrun\n")

  -- From their sources.
  rocks(launcher, made, {"make"}, {cwd = top .. "/adder-1.0"}):check()
  rocks(launcher, made, {"make"}, {cwd = top .. "/greeter-2.0"}):check()
  use(made)
  local listed = rocks(launcher, made, {"list", "--porcelain"}):check().stdout
  check.has(listed, "adder\t1.0-1\tinstalled")
  check.has(listed, "greeter\t2.0-1\tinstalled")

  -- Their tests, with the paths that `luarocks path` tells a shell.
  local paths = {}
  for name, value in rocks(launcher, made, {"path"}):check().stdout
    :gmatch("export (LUA_C?PATH[_%d]*)='([^']*)'") do paths[name] = value end
  local tested = {cwd = top .. "/greeter-2.0", env = paths}
  check.has(rocks(launcher, made, {"test"}, tested):check().stdout, "hello test\ttest.lua\ttrue")
  check.eq(rocks(launcher, made, {"test", "--", "fail"}, tested).code, 1)

  -- Packed, from files; then from a server, dependencies included.
  local server = top .. "/server" .. number
  fs.mkdir(server)
  for _, name in ipairs {"adder", "greeter"} do
    rocks(launcher, made, {"pack", name}, {cwd = server}):check()
  end
  local packed = {}
  for _, file in ipairs(fs.readdir(server)) do
    packed[file:match("^%a+")] = server .. "/" .. file
  end
  check.has(packed.adder, ".linux-")
  check.has(packed.greeter, "greeter-2.0-1.all.rock")
  rocks(launcher, installed, {"install", "--deps-mode=none", packed.adder}):check()
  rocks(launcher, installed, {"install", "--deps-mode=one", packed.greeter}):check()
  use(installed)
  rocks(launcher, installed, {"remove", "greeter"}):check()
  check.eq(fs.exists(installed .. "/bin/greet"), false)
  run(admin, {"--lua-version=5.4", "make_manifest", server}, {cwd = top}):check()
  local from = top .. "/from" .. number
  rocks(launcher, from, {"install", "--only-server=" .. server, "greeter"}):check()
  use(from)
end
