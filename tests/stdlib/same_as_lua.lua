-- The same small programs under lua5.4 and here: what they print on both outputs, and their status.
-- timeout: 120
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"

local lua = proc.which("lua5.4") or proc.which("lua")
if not lua or not proc.run(lua, {"-v"}).stdout:find("Lua 5.4", 1, true) then
  print("skip: lua5.4 is not installed")
  os.exit(77)
end

-- Between lines of dashes. T is a name below the directory of the program; mask hides addresses.
local PROGRAMS <const> = [==[
print(os.execute("exit 3")) print(os.execute("kill -9 $$")) print(os.execute("true"))
print(os.execute(), os.execute(nil))
print(pcall(os.execute, {})) print(pcall(os.execute, true)) print(os.execute("exit 300"))
print(os.execute("nonsense-command 2>/dev/null")) print(os.execute(""))
print(os.execute(7 .. " 2>/dev/null"))
----
local f = io.popen("printf '1 2\n3\n0x1p4 nan\nlast'")
print(f:read("n", "n", "n", "l")) print(f:read("n", "n")) print(f:read("a")) print(f:read("a"))
print(f:read("l")) print(f:read(0)) print(f:read("n")) print(f:close()) print(pcall(f.close, f))
----
local f = io.popen("echo x; exit 9")
print(io.type(f), mask(tostring(f)), f:seek("set", 1), f:seek("end"))
print(pcall(f.seek, f, "nowhere")) print(pcall(f.seek, f, "cur", 1.5)) print(pcall(f.setvbuf, f))
print(f:write("x")) print(f:flush()) print(f:setvbuf("full", 10)) print(f:lines()())
print(select("#", f:read())) print(f:close()) print(io.type(f), tostring(f), io.type(1))
----
print(pcall(io.popen)) print(pcall(io.popen, "ls", "x")) print(pcall(io.popen, "ls", "r+"))
print(pcall(io.popen, {})) print(pcall(io.popen, "ls", {}))
local ok, message = pcall(function() io.popen("ls", "rw") end) print(message)
local ok, message = pcall(function() io.popen("ls"):read("x") end) print(message)
local ok, message = pcall(function() io.popen("ls"):read({}) end) print(message)
local ok, message = pcall(function() io.popen("ls"):read(nil) end) print(message)
local ok, message = pcall(function() io.popen("ls"):read(1.5) end) print(message)
local ok, message = pcall(function() io.popen("cat", "w"):write({}) end) print(message)
local ok, message = pcall(function() io.popen("ls").read() end) print(message)
----
local f = io.popen("cat", "w")
print(f:write("a", 1, " ", 2.5, " ", 1e100, " ", -0.0, " ", 2^63, "\n") == f)
local lines = table.pack(pcall(f:lines())) -- told when cat has ended, which writes beside us
print(f:read("a")) print(f:read("l")) print(f:close()) print(table.unpack(lines, 1, lines.n))
print(io.popen("exit 7", "w"):close())
----
local f = io.popen("printf 'one\n\nthree'")
for l in f:lines("L") do io.write("[", l, "]") end
print() print(io.type(f)) print(pcall(f:lines())) f:close() print(pcall(f.lines, f))
local next_line = io.popen("echo x"):lines() print(next_line()) print(next_line())
local g = io.popen("echo x") local step = g:lines() g:close() print(pcall(step))
----
do local f <close> = io.popen("cat; echo closed", "w") f:write("in a block\n") end
print "after"
local f <close> = io.popen("echo unread")
----
local f = io.popen("sleep 0.05; cat >T/at_end", "w") f:write("left open")
----
print(io.open("T/none")) print(io.open("T/none/none", "w")) print(pcall(io.open, "T", "x"))
print(pcall(io.lines, "T/none")) print(pcall(io.input, "T/none")) print(pcall(io.output, "T"))
print(io.open("T"):read()) print(pcall(io.lines("T"))) print(io.open("/dev/null"):read("a"))
print(io.open("/dev/zero"):read(3) == "\0\0\0") print(io.open("/dev/full", "w"):write("x"):flush())
print(io.open("/dev/null"):seek("end")) print(#io.open("/dev/urandom"):read(10))
----
os.execute("mkfifo T/fifo; (echo one; echo 2 three) >T/fifo &")
local f = io.open("T/fifo") print(io.type(f), f:seek()) print(f:write("x"))
print(f:read("L", "n")) print(f:read("a")) print(f:read("l")) print(f:close())
os.execute("(echo 4; echo 5) >T/fifo &") for n in io.lines("T/fifo", "n") do print(n) end
os.execute("echo by default >T/fifo &") io.input("T/fifo") print(io.read()) print(io.read())
io.close(io.input()) print(pcall(io.read)) print(pcall(io.lines))
os.execute("cat T/fifo >T/copy &") io.output("T/fifo") io.write("out", 1, "\n") print(io.close())
io.output(io.stdout)
----
local s = ("9"):rep(199)
local f = io.popen("printf '" .. s .. " " .. s .. "9 " .. s .. "99 rest'")
print(f:read("n") == tonumber(s), f:read("n") == tonumber(s .. "9"), f:read("n"), f:read("a"))
local f = io.popen("printf '0x .5 5. 1e+ 1e5x -0x10p1 + - 3'")
for i = 1, 9 do print(f:read("n")) end print(f:read("a"))
----
print(io.read("n", "l")) print(io.read("L")) print(io.read(3, 0)) print(io.lines("n")) os.exit(2)
----
print(pcall(io.lines("n"))) for a, b in io.lines(nil, 1, 2) do print(a, b) break end
for l in io.lines() do print(l) break end print(io.stdin:read("a")) print(io.read("a"), io.read())
print(io.read(0), io.read("n"), io.stdin:lines()())
----
io.write("x", 1, 1.5, "\n") print(io.write() == io.stdout)
print(io.stdout:write("") == io.stdout)
print(pcall(io.write, {})) print(pcall(io.write, "a", nil)) print(pcall(io.stdout.write, {}))
print(io.stdout:seek("cur", 0)) print(io.stdout:setvbuf("line"))
print(io.flush(), io.output():flush())
print(pcall(io.stdout.setvbuf, io.stdout, "x")) print(io.close and pcall(io.close, 1))
print(io.stdout:read("l"))
----
local f <close> = io.open("T/in", "w") f:write("one\ntwo\nthree\n") f:close()
f = io.open("T/p.lua", "w") f:write([[
  print(io.read()) print(io.stdin:seek()) print(io.stdin:seek("cur", 2), io.read())
  print(io.stdin:seek("set", 0), io.read("a"))
  print(io.stdin:seek("end", -2), io.read(9), io.read())
  print(io.stdin:seek("set", -1)) print(io.stdout:seek()) print(io.stdout:seek("set", 2))
  io.write("X")]]) f:close()
os.execute("$(readlink /proc/$PPID/exe) T/p.lua <T/in >T/out; cat T/out")
----
error("at the end: " .. tostring(io.popen("exit 1"):close()))
----
io.popen("echo $0; echo $$ >/dev/null; ulimit -n >/dev/null", "r"):read("a"):gsub("^", print)
print(io.popen("echo $0"):read()) os.execute("echo $0")
os.exit(io.popen("exit 4"):close() == nil)
----
local t = setmetatable({}, {__index = function(_, k) return io.popen("echo " .. k):read() end})
print(t.word)
print(pcall(string.gsub, "ab", ".", function(c) return io.popen("echo " .. c):read() end))
table.sort({3, 1, 2}, function(a, b) os.execute("exit 1") return a < b end)
print(coroutine.wrap(function() return os.execute("exit 5") end)())
print(select("#", os.execute("exit 5")), select("#", io.popen("exit 5"):close()))
----
setmetatable({}, {__gc = function()
  print(os.execute("exit 6")) print(io.popen("echo gc"):read())
end})
collectgarbage() collectgarbage()
]==]

local MASK <const> = "local function mask(s) return (s:gsub('0x%x+', '0x')) end "
local INPUT <const> = "12 rest of it\nsecond line\nabcdef\n4 5 6\nlast line"

local function run(program, file, dir)
  assert(os.execute(("rm -rf '%s' && mkdir '%s'"):format(dir, dir)))
  check.write(dir .. "/p.lua", MASK .. file)
  local r = proc.run(program, {"p.lua"}, {cwd = dir, input = INPUT, argv0 = "lua", timeout = "20s"})
  -- What the two call themselves, and how they show where a chunk was called from.
  local err = r.stderr:gsub("^procrun: ", "lua: ")
  local left = io.open(dir .. "/T/at_end")
  return ("%s--\n%s--\n%s %s"):format(r.stdout, err, r.code or r.signal, left and left:read("a"))
end

local programs = {}
for text in (PROGRAMS .. "----\n"):gmatch("(.-)%-%-%-%-\n") do
  programs[#programs + 1] = "os.execute('mkdir T') " .. text
end
local different = {}
task.map(programs, 4, function(text)
  local dir = check.tmp("dir" .. #text)
  local a, b = run(lua, text, dir .. "a"), run(process.exec_path, text, dir .. "b")
  if a ~= b then
    different[#different + 1] = ("%s\nlua5.4:\n%s\nprocrun:\n%s\n"):format(text, a, b)
  end
end)
assert(#different == 0, table.concat(different, "\n"))
assert(#programs > 15)
