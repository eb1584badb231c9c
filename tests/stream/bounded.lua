-- A reader that takes little at a time from a quick writer does not make its stream pile up.
local proc = require "procrun.proc"
local task = require "procrun.task"

local MOST <const> = 1024 * 1024

local function read_by(next_piece)
  local c <close> = assert(proc.spawn("yes", {"a line of no great length"}))
  local most = 0
  for i = 1, 200000 do
    assert(next_piece(c.stdout))
    if i % 100 == 0 then most = math.max(most, (c.stdout._core:state())) end
  end
  assert(most < MOST, most)
end

read_by(function(s) return s:read() end)
read_by(function(s) return s:read(20) end)
read_by(function(s) return s:read_some(20) end)
read_by(function(s) return s:read("l", 3) end)

-- Listeners that wait, and a reader that comes late.
local c <close> = assert(proc.spawn "yes")
local count, most = 0, 0
local function listener()
  count = count + 1
  task.sleep(0.002)
  most = math.max(most, (c.stdout._core:state()))
end
c.stdout:on("data", listener)
while count < 20 do task.sleep(0.001) end
c.stdout:off("data", listener)
task.sleep(0.01)
assert(most < MOST, most)

-- What does not fit is read all the same for whoever needs it at once.
local d = assert(proc.spawn("head", {"-c", "3000000", "/dev/zero"}))
task.sleep(0.01)
assert(#d.stdout:read(2500000) == 2500000)
assert(#d.stdout:read "a" == 500000)
assert(d:wait().ok)

-- Blanks before a number have a limit as a line has; they stay.
local blanks <close> = assert(proc.spawn("sh", {"-c", "while :; do printf '%10000s' ''; done"}))
blanks.stdout.max_line = 100000
local value, message, code = blanks.stdout:read("n")
assert(value == nil and code == "EMSGSIZE", code)
assert(message == "read: blanks for more than 100000 bytes", message)
assert(blanks.stdout:read(100001) == (" "):rep(100001))
