-- The rate of a bar: right from the first readings, smooth, and soon at a new one. How times and
-- amounts are said.
local check = require "tests.lib.check"
local meter = require "procrun.cli.meter"

local function near(got, wanted, share)
  assert(math.abs(got - wanted) <= wanted * share, ("%s is not near %s"):format(got, wanted))
end

local m = meter.new(100, 1000)
m:feed(100.01, 1001) -- too soon to tell
check.eq(m.rate, nil)
local at, value = 100, 1000
local function run(seconds, rate)
  for _ = 1, seconds * 10 do
    at, value = at + 0.1, value + rate / 10
    m:feed(at, value)
  end
end
run(0.1, 50)
near(m.rate, 50, 0.1)
run(10, 50)
near(m.rate, 50, 0.01)
-- in bursts it stays calm
for _ = 1, 20 do
  run(0.5, 100)
  run(0.5, 0)
end
near(m.rate, 50, 0.2)
run(15, 500) -- and is soon at another one
near(m.rate, 500, 0.1)

for seconds, text in pairs {[0] = "0:00", [0.4] = "0:00", [59.6] = "1:00", [61] = "1:01",
  [3600] = "1:00:00", [86399] = "23:59:59", [1e9] = "-:--", [-1] = "-:--"} do
  check.eq(meter.duration(seconds), text)
end
check.eq(meter.duration(0 / 0), "-:--")
check.eq(meter.elapsed(3.25), "3.2s")
check.eq(meter.elapsed(60), "1:00")
for n, text in pairs {[0] = "0 B", [1023] = "1023 B", [1024] = "1.0 KiB", [1536] = "1.5 KiB",
  [1024 ^ 2 - 1] = "1.0 MiB", [5 * 1024 ^ 3] = "5.0 GiB", [-2048] = "-2.0 KiB"} do
  check.eq(meter.bytes(n), text)
end
check.eq(meter.amount(3, "files"), "3 files")
check.eq(meter.amount(2.5), "2.5")
check.eq(meter.speed(0.25), "0.25/s")
check.eq(meter.speed(12.34), "12.3/s")
check.eq(meter.speed(1234.5), "1234/s")
check.eq(meter.speed(2048, "bytes"), "2.0 KiB/s")
