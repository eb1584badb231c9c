-- io.popen: a file as Lua's, whose reads, writes and close wait as tasks.
local check = require "tests.lib.check"
local task = require "procrun.task"

local values = check.values
local f = assert(io.popen("printf 'one\\ntwo\\n3 0x10 rest'; exit 4"))
check.eq(io.type(f), "file")
assert(tostring(f):find("^file %(0x%x+%)$"))
check.eq(debug.getinfo(io.popen).what, "C")
values({f:read("l", "L")}, "one", "two\n")
values({f:read("n", "n", 2, "a")}, 3, 16, " r", "est")
values({f:read("a")}, "")
check.eq(f:read(), nil)
check.eq(f:read(0), nil)
values({f:close()}, nil, "exit", 4)
check.eq(io.type(f), "closed file")
check.eq(tostring(f), "file (closed)")
check.raises("attempt to use a closed file", function() f:read() end)
values({io.popen("kill -KILL $$"):close()}, nil, "signal", 9)
values({io.popen("true"):close()}, true, "exit", 0)

-- Lines of any length; f:lines leaves the file open.
f = io.popen("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end")
local sizes = {}
for line in f:lines() do sizes[#sizes + 1] = #line end
check.eq(table.concat(sizes, " "), "3000000 3")
check.eq(io.type(f), "file")
assert(f:close())
local one = io.popen("echo 1 2"):lines("n", "n")
values({one()}, 1, 2)

-- Writing: gathered, in order with what the command writes after us; numbers as Lua writes them.
local out = check.tmp("out")
f = assert(io.popen("cat >'" .. out .. "'", "w"))
check.eq(f:write("a", 1, 2.5, "\n"), f)
values({f:flush()}, true)
values({f:setvbuf("no")}, true)
for i = 1, 20000 do f:write(i, "\n") end
f:write(("y"):rep(300000))
values({f:close()}, true, "exit", 0)
local text = check.read(out)
check.eq(text:sub(1, 12), "a12.5\n1\n2\n3\n")
check.eq(#text, 6 + 108894 + 300000)

-- What cannot be done is told as Lua tells it.
f = io.popen("cat", "w")
values({f:read()}, nil, "Bad file descriptor", 9)
values({f:seek("cur")}, nil, "Illegal seek", 29)
f:close()
f = io.popen("true")
values({f:write("x")}, nil, "Bad file descriptor", 9)
f:close()
f = io.popen("exec <&-; exec sleep 0", "w")
local ok, message, errno
repeat ok, message, errno = f:write(("x"):rep(70000)) until not ok
values({ok, message, errno, n = 3}, nil, "Broken pipe", 32)
values({f:close()}, true, "exit", 0)
check.raises("bad argument #2 to 'popen' (invalid mode)", function() io.popen("ls", "rw") end)
check.raises("bad argument #1 to 'popen' (string expected, got no value)", function()
  io.popen()
end)
check.raises("bad argument #1 to 'read' (invalid format)", function() io.popen("ls"):read("x") end)

-- <close> waits for the command; another task goes on meanwhile.
local flag = check.tmp("flag")
task.spawn(function() check.write(flag, "") end)
do
  local _ <close> = io.popen(("until [ -e '%s' ]; do sleep 0.01; done; : >'%s.done'")
    :format(flag, flag), "w")
end
assert(io.open(flag .. ".done"))

-- As default input and output.
io.input(io.popen("echo 1; echo 2"))
values({io.read("n", "l")}, 1, "")
values({io.lines()()}, "2")
assert(io.close(io.input()))
io.input(io.stdin)
io.output(io.popen("cat >'" .. out .. "'", "w"))
io.write("by default ", 1)
assert(io.close())
io.output(io.stdout)
check.eq(check.read(out), "by default 1")

-- Many at once, each with its own.
local got = task.map((function()
  local list = {}
  for i = 1, 40 do list[i] = i end
  return list
end)(), 40, function(i)
  local p <close> = io.popen("read x; echo $x", "w")
  local q <close> = io.popen(("head -c %d /dev/zero | wc -c"):format(i * 1000))
  p:write("")
  return q:read("n")
end)
for i = 1, 40 do check.eq(got[i], i * 1000) end
