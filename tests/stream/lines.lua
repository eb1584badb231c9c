-- lines: with formats, without the last newline, over the limit, closed on the way.
local pipe = require "procrun.pipe"
local task = require "procrun.core.task"

local function source(...)
  local reader, writer = pipe.new()
  local bytes = table.pack(...)
  task.spawn(function()
    for i = 1, bytes.n do
      writer:write(bytes[i])
      task.yield()
    end
    writer:close()
  end)
  return reader
end

local got = {}
for line in source("on", "e\ntwo", "\n\nfo", "ur"):lines() do got[#got + 1] = line end
assert(table.concat(got, "|") == "one|two||four")

got = {}
for n, rest in source("1 a\n2 b", "\n3"):lines("n", "l") do got[#got + 1] = n .. (rest or "nil") end
assert(table.concat(got, "|") == "1 a|2 b|3nil", table.concat(got, "|"))

got = {}
for piece in source("abcdefg"):lines(3) do got[#got + 1] = piece end
assert(source("x\ny"):lines(nil)() == "x")
assert(table.concat(got, "|") == "abc|def|g")

-- A line over the limit: raised by lines, told by read; the bytes are still there.
local reader = source("short\n", ("x"):rep(30), ("x"):rep(30), "\nnext\n")
reader.max_line = 20
local ok, err = pcall(function()
  for line in reader:lines() do assert(line == "short") end
end)
assert(not ok and err.code == "EMSGSIZE", tostring(err))
assert(tostring(err):find("max_line, 20 bytes", 1, true), tostring(err))
local line, _, code = reader:read()
assert(line == nil and code == "EMSGSIZE")
assert(reader:read(60) == ("x"):rep(60) and reader:read("L") == "\n" and reader:read() == "next")
reader.max_line = 60
assert(reader.max_line == 60)
assert(not pcall(function() reader.max_line = 0 end))
reader:close()
assert(source(("y"):rep(1024 * 1024), "\n").max_line == 1024 * 1024)
assert(#source(("y"):rep(1024 * 1024), "\n"):read() == 1024 * 1024)
assert(select(3, source(("y"):rep(1024 * 1024 + 1), "\n"):read()) == "EMSGSIZE")

-- Closed by the loop itself: it ends.
reader = source("a\nb\nc\n")
got = 0
for _ in reader:lines() do
  got = got + 1
  reader:close()
end
assert(got == 1)

-- A failing read is raised.
local command = [['%s' -e 'print(pcall(function() for _ in process.stdin:lines() do end end))' </]]
local p = assert(io.popen(command:format(arg[-1])))
local text = p:read("a")
assert(p:close() and text == "false\tread: is a directory\n", text)
