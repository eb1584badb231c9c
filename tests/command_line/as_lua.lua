-- The command line is lua's: the same output, status and messages, side by side.
-- requires: lua5.4
local procrun, tmp = os.getenv("PROCRUN"), os.getenv("TMPDIR")

local function write(name, text)
  local f <close> = assert(io.open(tmp .. "/" .. name, "w"))
  f:write(text)
end

local function run(program, arguments, input)
  local pipe = assert(io.popen(("cd '%s' && printf '%%s' '%s' | %s '%s' %s 2>err; echo $?; cat err")
    :format(tmp, input, arguments.env or "", program, arguments[1])))
  local text = pipe:read("a")
  pipe:close()
  return (text:gsub("%f[%w/]" .. program:gsub("%p", "%%%0"), "PROG"):gsub("%f[%w]procrun:", "PROG:")
    :gsub("usage: .*", "usage"):gsub("Lua 5%.4%.%d  Copy[^\n]*", "VERSION")
    :gsub("procrun %d[^\n]*", "VERSION"))
end

write("args.lua", "print(...) for i = -6, 4 do print(i, arg[i]) end")
write("shebang.lua", "#!/usr/bin/env nonsuch -x\nprint(debug.getinfo(1).currentline, ...)")
write("bom.lua", "\xef\xbb\xbfprint('bom', ...)")
write("both.lua", "\xef\xbb\xbf#!/bin/nonsuch\r\nprint('both', debug.getinfo(1).currentline)")
write("crlf.lua", "#!/x\r\nprint('crlf')\r\nlocal s = [[a\r\nb]]\r\nprint(#s)\r\n")
write("returns.lua", "return 7")
write("syntax.lua", "\nx = = 1\n")
write("error.lua", "local function f() error('boom') end\nlocal function g() f() end\ng()\n")
write("level0.lua", "error('plain', 0)")
write("number.lua", "error(42)")
write("table.lua", "error(setmetatable({}, {__tostring = function() return 'its text' end}))")
write("close.lua",
  "local x <close> = setmetatable({}, {__close = function() error('in close') end})")
write("gc.lua", "setmetatable({}, {__gc = function() print('collected') end})")
write("mod.lua", "return {name = ..., args = select('#', ...)}")
write("init.lua", "print('init', ...) x = 'from init'")
write("-dash.lua", "print('dash', ...)")

write("trace.lua", [[
local function deep(n) if n == 0 then return debug.traceback("m", 1) end return (deep(n - 1)) end
local function fail() error("x") end
print(deep(3), coroutine.wrap(deep)(3), deep(12), debug.traceback(12), debug.traceback())
print(select(2, xpcall(fail, debug.traceback)))
for level = 0, 4 do
  print(select(2, xpcall(fail, function(m) return debug.traceback(m .. "\n!", level) end)))
  print(select(2, xpcall(fail, function(m) return (debug.traceback(m, level)) end)))
end
local co = coroutine.create(fail)
print(debug.traceback(co), coroutine.resume(co), debug.traceback(co), debug.traceback(co, "m"))
]])
local lines = [[
a = 2
print(a)
=a
a, nil,
1
a, nil
for i = 1, 2 do
print(i)
end
error("x")
error{}
error(setmetatable({}, {__tostring = function() return "its text" end}))
local function f() error("deep") end f()
print(debug.traceback("hi"))
x x

 return 5
(1
)
last]]

local cases = {
  {"trace.lua"}, {"-i", lines}, {"-i", "os.exit(3)\nprint(1)"}, {"-i", ""},
  {"-i args.lua 1", lines},
  {"-i error.lua", lines}, {"-i nonsuch.lua", lines}, {"-e '_PROMPT, _PROMPT2 = 1, 2' -i", lines},
  {"-e 'print = nil' -i", lines}, {"-i -e 'a = 1' -- args.lua", "=a"}, {"-i -l mod", "mod.name"},
  {"-i -", "print(1)"}, {"-iv"},
  {"args.lua 1 2 ''"}, {"-e 'y = 1' args.lua 1"}, {"-E -W args.lua"}, {"-- args.lua x"},
  {"-e 'print(1)' -e 'print(2)'"}, {"-e'print(3)'"}, {"-e 'print(...)' args.lua 5"},
  {"-e 'print(arg[0] ~= nil, arg[-1], #arg)'"}, {"-e 'arg = {\"changed\"}' args.lua"},
  {"-e 'arg = 1' args.lua"}, {"-W -e 'warn(\"a\", \"b\")'"}, {"-e 'warn(\"silent\")'"},
  {"-e 'warn(\"@on\") warn(\"heard\")'"}, {"-l mod -e 'print(mod.name, mod.args)'"},
  {"-lmod -e 'print(mod.name)'"}, {"-l g=mod -e 'print(g.name)'"}, {"-lg=mod -e 'print(g.name)'"},
  {"-e 'print(1)' -l mod -e 'print(mod.name)' args.lua"},
  {"", "print('input', ...)"}, {"- a b", "print('input', ...)"}, {"-W", "print('input', ...)"},
  {"-l mod", "print('input', mod.name)"}, {"--", "print('input', #arg)"}, {"-e ''", "print(1)"},
  {"-- -", "print(1)"}, {"-- -dash.lua 3"}, {"./-dash.lua"}, {"- ", "x = = 1"},
  {"shebang.lua 1"}, {"bom.lua 1"}, {"both.lua"}, {"crlf.lua"}, {"returns.lua"}, {"gc.lua"},
  {"syntax.lua"}, {"error.lua"}, {"level0.lua"}, {"number.lua"}, {"close.lua"},
  {"-e 'x = ='"}, {"-e 'error(\"a\")' args.lua"}, {"nonsuch.lua"}, {"."},
  {"-y"}, {"-vv"}, {"-Wx"}, {"-Ex"}, {"--foo"}, {"-e"}, {"-l"}, {"-e -x"}, {"-l -e"},
  {"-e 'os.exit(true)'"}, {"-e 'os.exit(false)'"}, {"-e 'os.exit(3)'"}, {"-e 'os.exit(261)'"},
  {"-e 'io.write(\"kept\") os.exit(0, true)'"}, {"-e 'return 1, 2'"},
  {"-e 'print(x)'", env = "LUA_INIT='x = 1'"}, {"-E -e 'print(x)'", env = "LUA_INIT='x = 1'"},
  {"-e 'print(x)'", env = "LUA_INIT=@init.lua"}, {"args.lua", env = "LUA_INIT='x = = 1'"},
  {"-e 'print(x)'", env = "LUA_INIT='x = 1' LUA_INIT_5_4='x = 2'"},
  {"-e 'print(x)'", env = "LUA_INIT='error(\"early\")'"}, {"-e 'print(x)'", env = "LUA_INIT="},
  {"-e 'print(package.path)'", env = "LUA_PATH='a/?;;'"},
  {"-e 'print(package.path)'", env = "LUA_PATH='a/?;;' LUA_PATH_5_4='b/?'"},
  {"-E -e 'print(package.path, package.cpath)'", env = "LUA_PATH='a/?' LUA_CPATH='c/?'"},
}
for _, case in ipairs(cases) do
  local input = (case[2] or ""):gsub("'", "'\\''")
  local expected, got = run("lua5.4", case, input), run(procrun, case, input)
  if expected ~= got then
    error(("%s %s\nlua5.4 gives:\n%s\nprocrun:\n%s"):format(case.env or "", case[1], expected, got))
  end
end

-- An object that knows its text also keeps its traceback here.
local text = run(procrun, {"table.lua"}, "")
assert(text:find("^1\nPROG: its text\nstack traceback:\n"), text)
