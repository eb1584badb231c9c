-- inspect: readable text of any value; what it calls cannot break it.
local inspect = require "procrun.repl.show".inspect
local count = 0
local function is(value, wanted, options)
  local text = inspect(value, options)
  assert(text == wanted, ("%s\n  is not\n%s"):format(text, wanted))
  count = count + 1
end

is(nil, "nil")
is(false, "false")
is(12, "12")
is(1.0, "1.0")
is(0.1, "0.1")
is(0.1 + 0.2, "0.30000000000000004")
is(1e100, "1e+100")
is(-1 / 0, "-inf")
is(math.mininteger, "-9223372036854775808")
is('a "b"', [['a "b"']])
is([[a "b" 'c']], [["a \"b\" 'c'"]])
is("a\0b\n\1" .. "2\\", [["a\0b\n\0012\\"]])
is("häh \xff\xfe 日本\xC2\x9B", [["häh \xFF\xFE 日本\u{9B}"]])
is(("x"):rep(20), '"' .. ("x"):rep(8) .. '" … 12 more bytes', {text = 8})
is("日本", '"日" … 3 more bytes', {text = 4})
is({}, "{}")
is({1, "two", {3}, n = 1, ["end"] = 2, [10] = 3, [true] = 4},
  '{1, "two", {3}, [10] = 3, ["end"] = 2, n = 1, [true] = 4}')
is({b = 1, a = {c = {d = {}}}}, "{a = {c = {…}}, b = 1}", {depth = 2})
local cycle = {1}
cycle.me = cycle
is(cycle, "{1, me = <cycle>}")
local shared = {1}
is({shared, shared}, "{{1}, {1}}")
local long = {}
for i = 1, 1000 do long[i] = i end
is(long, "{1, 2, 3, … 997 more}", {items = 3})
is({aaaa = 1, bbbb = {1, 2}}, "{\n  aaaa = 1,\n  bbbb = {1, 2}\n}", {width = 20})
assert(inspect(print) == "<C function>" and inspect(is):find "^<function .*show.lua:%d+>$")
assert(inspect(coroutine.create(is)) == "<coroutine, suspended>")
assert(inspect(io.stdout):find "^file %(0x")

is(setmetatable({}, {__tostring = function() return "mine" end}), "mine")
is(setmetatable({1}, {__name = "point"}), "point {1}")
is(setmetatable({1}, {__name = "\27[2Jü\n"}), "\\27[2Jü\\n {1}")
local bad = setmetatable({}, {__tostring = function() error("oops\n", 0) end})
is(bad, [[<error in __tostring: oops\n>]])
is(setmetatable({}, {__tostring = function() return {} end}),
  "<error in __tostring: '__tostring' must return a string>")
is(setmetatable({a = 1}, {__index = error, __pairs = error, __len = error, __metatable = false}),
  "{a = 1}")

-- of many values not all are shown, whatever their shape
local deep = {}
for _ = 1, 40 do deep = {deep, deep} end
assert(#inspect(deep, {depth = 60}) < 1000000)

local proc = require "procrun.proc"
local text = inspect(proc.run("sh", {"-c", "echo out; exit 3"}))
assert(text:find('exit status 3 {', 1, true) and text:find('stdout = "out\\n"', 1, true), text)
assert(not text:find "usage" and not text:find "procrun", text)
assert(inspect(process):find("pid = " .. process.pid, 1, true))
local child = proc.spawn("true")
child:wait()
assert(inspect(child) == ("child %d (true) (finished)"):format(child.pid), inspect(child))
assert(inspect({child.stdout}):find "^{stream %(")
local t = require "procrun.task".spawn(function() end)
assert(inspect(t):find "^task %d+ .*%(ready%)$")

for _, wrong in ipairs {{depht = 1}, {width = "x"}, {items = -1}, 7} do
  local fine, message = pcall(inspect, {}, wrong)
  assert(not fine and message:find "inspect", message)
end
assert(count > 25)

-- What finds out its contents when it is asked: the environment, but not within others; `process`.
process.env.PROCRUN_SHOWN = "1"
assert(inspect(process.env):find 'PROCRUN_SHOWN = "1"')
assert(inspect {process.env} == "{{…}}")
text = inspect(process)
assert(text:find "platform = \"%w+\"" and text:find "env = {…}" and not text:find " _")
assert(not inspect((require "procrun.sync")):find "_types")
