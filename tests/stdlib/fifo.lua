-- io.open on a FIFO: opening, reading and writing wait as tasks.
local check = require "tests.lib.check"
local task = require "procrun.task"

local values = check.values
local fifo = check.tmp("fifo")
assert(os.execute("mkfifo '" .. fifo .. "'"))

-- Each end waits for the other.
local order = {}
local writer = task.spawn(function()
  local f = assert(io.open(fifo, "w"))
  order[#order + 1] = "open"
  check.eq(f:write("one\n", 2, "\n3 4"), f)
  values({f:read()}, nil, "Bad file descriptor", 9)
  values({f:close()}, true)
end)
task.yield()
order[#order + 1] = "other"
local f = assert(io.open(fifo))
check.eq(io.type(f), "file")
values({f:seek()}, nil, "Illegal seek", 29)
values({f:read("l", "n", "l", "n", "n")}, "one", 2, "", 3, 4)
check.eq(f:read(), nil)
check.eq(table.concat(order, " "), "other open")
writer:wait()

-- At its end a FIFO is asked again, as C does it: another writer may have come.
writer = task.spawn(function() check.write(fifo, "again") end)
task.sleep("50ms")
local line
repeat
  line = f:read()
  task.yield()
until line
check.eq(line, "again")
writer:wait()
values({f:close()}, true)

-- A writer that comes and goes without a byte opens the gate as well.
for _ = 1, 5 do
  local gate = task.spawn(function()
    local g <close> = io.open(fifo)
    return g:read("a")
  end)
  task.yield()
  check.eq(os.execute((": >'%s'"):format(fifo)), true)
  check.eq(gate:wait(), "")
end

-- io.lines closes at the end; formats count.
local shell = task.spawn(os.execute, ("printf 'a\\nb\\n' >'%s'"):format(fifo))
local got = {}
local lines, _, _, file = io.lines(fifo, "L")
for one in lines do got[#got + 1] = one end
check.eq(table.concat(got), "a\nb\n")
check.eq(io.type(file), "closed file")
check.raises("file is already closed", lines)
shell:wait()

-- Default input and output.
shell = task.spawn(os.execute, ("echo words >'%s'"):format(fifo))
check.eq(io.type(io.input(fifo)), "file")
values({io.read(3, "a")}, "wor", "ds\n")
io.close(io.input())
io.input(io.stdin)
shell:wait()
local reader = task.spawn(function() return io.popen(("cat '%s'"):format(fifo)):read("a") end)
io.output(fifo)
io.write("out ", 1, "\n")
io.close()
io.output(io.stdout)
check.eq(reader:wait(), "out 1\n")

-- More than a pipe takes: the writer waits for the reader.
reader = task.spawn(function()
  local g <close> = io.open(fifo)
  local size = 0
  for chunk in g:lines(100000) do size = size + #chunk end
  return size
end)
f = io.open(fifo, "w")
for _ = 1, 10 do f:write(("z"):rep(123456)) end
f:close()
check.eq(reader:wait(), 1234560)

-- Without a reader any more.
reader = task.spawn(function() io.open(fifo):close() end)
f = io.open(fifo, "w")
reader:wait()
f:write("x")
values({f:flush()}, nil, "Broken pipe", 32)
values({f:write("y")}, nil, "Broken pipe", 32)
values({f:close()}, nil, "Broken pipe", 32)

-- Both ways, which waits for nobody.
f = assert(io.open(fifo, "r+"))
f:write("own\n")
f:flush()
values({f:read()}, "own")
f:close()

-- Cancelled, nothing is left.
local function count()
  collectgarbage()
  collectgarbage()
  return #require "procrun.fs".readdir("/proc/self/fd")
end
local before = count()
values({task.timeout(0.01, io.open, fifo)}, nil, "timeout", "ETIMEDOUT")
values({task.timeout(0.01, io.open, fifo, "w")}, nil, "timeout", "ETIMEDOUT")
values({task.timeout(0.01, io.lines, fifo)}, nil, "timeout", "ETIMEDOUT")
check.eq(count(), before)
check.raises("bad argument #2 to 'open' (invalid mode)", function() io.open(fifo, "rw") end)
