-- A stream on a regular file seeks, reads and writes as one of io.open does: the same calls give
-- the same results and the same bytes.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
math.randomseed(7)

local function compare(mode)
  local ours, theirs = dir.path .. "/ours", dir.path .. "/theirs"
  local text = {}
  for i = 1, 300 do text[i] = ("line %d %s\n"):format(i, ("x"):rep(math.random(0, 40))) end
  for _, path in ipairs { ours, theirs } do assert(fs.write(path, table.concat(text))) end
  local a <close> = assert(fs.open(ours, mode))
  local b <close> = assert(io.open(theirs, mode))
  local function both(name, ...)
    local x, y = a[name](a, ...), b[name](b, ...)
    if x ~= a or y ~= b then
      assert(x == y, ("%s(%s) in mode %s: %s, not %s"):format(name, (...), mode, x, y))
    end
  end
  for _ = 1, 400 do
    local what = math.random(8)
    if what == 1 then
      both("seek", "set", math.random(0, 5000))
    elseif what == 2 then
      both("seek", "cur", math.random(-20, 200))
    elseif what == 3 then
      both("seek", "end", math.random(-3000, 50))
    elseif what <= 5 then
      b:seek("cur", 0) -- C wants that between a write and a read
      both("read", ({ "l", "L", 7, 300, 0, "n" })[math.random(6)])
    elseif what == 6 and mode ~= "r" then
      b:seek("cur", 0)
      both("write", ("w"):rep(math.random(1, 60)))
      b:flush()
    else
      both("seek")
    end
  end
  both("seek", "set", 0)
  both("read", "a")
end
for _ = 1, 5 do
  for _, mode in ipairs { "r", "r+", "w+", "a+" } do compare(mode) end
end

-- Failures and misuse.
local path = dir.path .. "/f"
assert(fs.write(path, "0123456789"))
local f <close> = assert(fs.open(path, "r+"))
assert(f:read(3) == "012" and f:seek() == 3)
local at, message, code = f:seek("set", -1)
assert(at == nil and code == "EINVAL" and message == "seek: invalid argument", message)
assert(f:seek() == 3 and f:read(2) == "34" and f:seek("cur", -1) == 4 and f:read("a") == "456789")
assert(f:write("!") and f:seek("set", 0) == 0 and f:read("a") == "0123456789!" and f:seek() == 11)
assert(tostring(f):find("stream (descriptor", 1, true) and require "procrun.stream".is_stream(f))
for text, call in pairs {
  ["bad argument #1 to 'seek' (invalid option 'start')"] = function() f:seek("start") end,
  ["bad argument #2 to 'seek' (integer expected, got 1.5)"] = function() f:seek("set", 1.5) end,
  ["call it with a colon: file:seek"] = function() f.seek("set") end,
  ["bad argument #1 to 'read_at'"] = function() f:read_at(-1, 0) end,
  ["bad argument #2 to 'write_at'"] = function() f:write_at("x") end,
} do
  local ok, err = pcall(call)
  assert(not ok and err:find(text, 1, true), err)
end
f:close()
local ok, err = pcall(f.seek, f)
assert(not ok and err:find("seek: the file is closed", 1, true), err)
local fifo = dir.path .. "/fifo"
assert(os.execute("mkfifo '" .. fifo .. "'"))
local s <close> = assert(fs.open(fifo))
assert(s.seek == nil, "only regular files have a place to go to")
