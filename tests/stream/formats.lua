-- read takes what Lua's files take: every format, several at once, and the end.
local pipe = require "procrun.pipe"
local task = require "procrun.core.task"

-- What Lua's own file gives for the same bytes and formats, call by call, is the standard.
local function compare(bytes, calls)
  local name = os.getenv("TMPDIR") .. "/bytes"
  local f = assert(io.open(name, "w"))
  f:write(bytes)
  f:close()
  for _, piece in ipairs { 1, 3, #bytes + 1 } do
    local file, reader, writer = assert(io.open(name)), pipe.new()
    task.spawn(function()
      for i = 1, #bytes, piece do
        writer:write(bytes:sub(i, i + piece - 1))
        task.yield()
      end
      writer:close()
    end)
    for i, formats in ipairs(calls) do
      local wanted = table.pack(file:read(table.unpack(formats)))
      local got = table.pack(reader:read(table.unpack(formats)))
      assert(wanted.n == got.n, ("%q call %d: %d values, not %d"):format(bytes, i, got.n, wanted.n))
      for k = 1, wanted.n do
        local same = wanted[k] == got[k] and math.type(wanted[k]) == math.type(got[k])
        assert(same, ("%q call %d: %s, not %s"):format(bytes, i, got[k], wanted[k]))
      end
    end
    file:close()
    reader:close()
  end
end

compare("one\ntwo\n\nfour", { {}, { "l" }, { "L" }, { "*l" }, {}, { "a" }, { "l" } })
compare("one\ntwo\nrest\nof it", { { "L", "l", "a" }, { "a" }, { 0 }, { 5 } })
compare("abcdef", { { 0 }, { 2 }, { 1, 1 }, { 100 }, { 1 }, { "a", "a" } })
compare("a\nb\n", { { "l", "l", "l", "l" }, {} })
compare("", { { "l" }, { "a" }, { 0 }, { "n" } })
compare("1 2.5 0x1F -7e2 .5 0x.8p1 e", { { "n", "n", "n" }, { "n" }, { "n", "n" }, { "n" }, {"a"} })
compare("  12\n0x\n", { { "n" }, { "n" }, { "a" } })
compare("e5 1", { { "n" }, { "a" } })
compare("+ 1", { { "n" }, { "a" } })
compare("08", { { "n" }, { "a" } })
compare(("9"):rep(250) .. "\n", { { "n" }, { "l" } })
compare("7", { { "n", "n" } })
compare("12\0\0003\n", { { "n" }, { 2 }, { "l" } })

local reader, writer = pipe.new()
for _, wrong in ipairs { { "x" }, { -1 }, { 1.5 }, { {} }, { "l", "q" }, { 1, nil, 1 }, { "" } } do
  local ok, message = pcall(reader.read, reader, table.unpack(wrong, 1, 3))
  local told = message:find("^tests/stream/formats.lua:%d+: bad argument #%d to 'read'")
  assert(not ok and told, message)
end
writer:write("x\n")
assert(reader:read(nil) == "x")
assert(select(3, writer:read()) == "EBADF" and select(3, reader:write("x")) == "EBADF")
writer:close()
reader:close()
assert(not pcall(reader.read, reader))
assert(not pcall(reader.read, nil))
