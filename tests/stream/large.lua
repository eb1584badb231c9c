-- Much data, by every way of reading: nothing is lost, changed or doubled, and what a script got
-- stays as it was. The writer is quicker than its pipe.
local proc = require "procrun.proc"
local task = require "procrun.task"
local check = require "tests.lib.check"

local SIZE <const> = 5 * 1024 * 1024 + 12345
local WRITER <const> = "local left = " .. SIZE .. [[

  local block = {}
  for i = 1, 8192 do block[i] = ("%07d\n"):format(i) end
  block = table.concat(block)
  while left > 0 do
    io.stdout:write(block:sub(1, left))
    left = left - #block
  end]]

local expected
do
  local block = {}
  for i = 1, 8192 do block[i] = ("%07d\n"):format(i) end
  block = table.concat(block)
  expected = block:rep(SIZE // #block + 1):sub(1, SIZE)
end

local function spawn()
  return assert(proc.spawn(process.exec_path, {"-e", WRITER}, {stderr = "inherit"}))
end

local function all_of(parts)
  collectgarbage() -- what was read is memory of the collector's by now
  return table.concat(parts) == expected
end

local c, parts = spawn(), {}
for chunk in function() return c.stdout:read_some() end do parts[#parts + 1] = chunk end
assert(all_of(parts))
assert(c:wait().ok)

-- Counts below, at and above what is read at once; a reader that lets it pile up.
for _, count in ipairs {1000, 16384, 65536, 100000, 131072, 1000000} do
  c, parts = spawn(), {}
  for chunk in function() return c.stdout:read(count) end do
    parts[#parts + 1] = chunk
    if #parts == 3 then task.sleep(0.01) end
  end
  for i = 1, #parts - 1 do check.eq(#parts[i], count) end
  assert(all_of(parts))
end

c, parts = spawn(), {}
for line in c.stdout:lines "L" do parts[#parts + 1] = line end
assert(all_of(parts))

c, parts = spawn(), {}
c.stdout:on("data", function(chunk)
  parts[#parts + 1] = chunk
  if #parts % 10 == 0 then task.sleep(0.001) end
end)
assert(c:wait().ok)
assert(all_of(parts))

c = spawn()
check.eq(c.stdout:read(10), expected:sub(1, 10))
assert(c.stdout:read "a" == expected:sub(11))
check.eq(c.stdout:read "a", "")

c = spawn()
assert(c.stdout:read "a" == expected)

local r = proc.run(process.exec_path, {"-e", WRITER})
assert(r.ok and r.stdout == expected)

-- Both ways at once: what is written comes back.
c = assert(proc.spawn("cat"))
local sent = task.spawn(function()
  for i = 1, SIZE, 300000 do assert(c.stdin:write(expected:sub(i, i + 299999))) end
  return c.stdin:finish()
end)
assert(c.stdout:read "a" == expected)
assert(sent:wait())
assert(c:wait().ok)
