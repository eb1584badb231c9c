-- What each side makes of the other's values: Node is our child.
-- requires: node>=20
-- timeout: 120
local check = require "tests.lib.check"
local json = require "procrun.json"
local peers = require "tests.lib.peers"

-- It tells what it got, and sends what it is asked for by a piece of JavaScript.
local child = peers.fork("node", [[
const units = (s) => [...Array(s.length).keys()].map((i) => s.charCodeAt(i).toString(16)).join(' ');
const shown = (v) => typeof v === 'string' ? units(v)
  : Object.is(v, -0) ? '-0' : typeof v === 'object' ? JSON.stringify(v) : String(v);
process.on('message', (m) => {
  if (m !== null && typeof m === 'object' && m.eval) process.send(eval(m.eval));
  else process.send(`${m === null ? 'null' : Array.isArray(m) ? 'array' : typeof m} ${shown(m)}`);
});
]])

local function theirs(value)
  assert(child:send(value))
  return (child:receive(60))
end
for _, pair in ipairs {
  { "", "string " }, { "aü€\u{1F600}", "string 61 fc 20ac d83d de00" },
  { "a\0\b\n\r\t\127\u{2028}\u{FEFF}\"\\/", "string 61 0 8 a d 9 7f 2028 feff 22 5c 2f" },
  { 0, "number 0" }, { -1, "number -1" }, { 1.0, "number 1" }, { -0.0, "number -0" },
  { 9007199254740991, "number 9007199254740991" }, { 9007199254740992, "number 9007199254740992" },
  { 9007199254740993, "number 9007199254740992" }, { 9007199254740994, "number 9007199254740994" },
  { -9007199254740993, "number -9007199254740992" },
  { math.maxinteger, "number 9223372036854776000" },
  { math.mininteger, "number -9223372036854776000" },
  { 0.1, "number 0.1" }, { 1e300, "number 1e+300" }, { 5e-324, "number 5e-324" },
  { 1.7976931348623157e308, "number 1.7976931348623157e+308" },
  { 123456789.125, "number 123456789.125" },
  { true, "boolean true" }, { false, "boolean false" }, { json.null, "null null" },
  { json.array {}, "array []" }, { json.object {}, "object {}" }, { {}, "array []" },
  { { 1, { 2, {} } }, "array [1,[2,[]]]" }, { { __proto__ = 1 }, 'object {"__proto__":1}' },
  { { ["1"] = "x" }, 'object {"1":"x"}' }, { { ["\0"] = json.null }, 'object {"\\u0000":null}' },
} do
  check.eq(theirs(pair[1]), pair[2])
end

local function ours(source)
  assert(child:send { eval = source })
  local value, message = child:receive(60)
  assert(value ~= nil, message)
  return value
end
for _, pair in ipairs {
  { "''", "" }, { "'aü€\\u{1F600}'", "aü€\u{1F600}" },
  { "'\\0\\b\\u2028\\ufeff\\x7f'", "\0\b\u{2028}\u{FEFF}\127" },
  { "'a\\ud83d'", "a\u{FFFD}" }, { "'\\ude00\\ud83d'", "\u{FFFD}\u{FFFD}" }, -- halves of a pair
  { "1", 1 }, { "1.0", 1 }, { "-0", 0 }, { "1.5", 1.5 }, { "1e2", 100 }, { "1e300", 1e300 },
  { "2 ** 53 - 1", 9007199254740991 }, { "2 ** 53", 9007199254740992 },
  { "2 ** 53 + 2", 9007199254740994 }, { "-(2 ** 53)", -9007199254740992 },
  { "2 ** 62", 4611686018427388000 }, -- not the number that JavaScript means: see channel.md
  { "2 ** 63", 2.0 ^ 63 }, { "-(2 ** 63)", -2.0 ^ 63 }, { "1e21", 1e21 }, { "5e-324", 5e-324 },
  { "true", true }, { "false", false }, { "null", json.null }, { "NaN", json.null },
} do
  check.eq(ours(pair[1]), pair[2], pair[1])
end
check.eq(json.encode(ours "[]"), "[]")
check.eq(json.encode(ours "({})"), "{}")
check.eq(json.encode(ours "[[], {}, [null, undefined]]"), "[[],{},[null,null]]")
check.eq(json.encode(ours "({ a: undefined, b: [{}] })"), '{"b":[{}]}')
check.eq(ours "new Date(0)", "1970-01-01T00:00:00.000Z")

-- Deep ones, both ways; one that is too deep is an error event and no end.
local deep = 1
for _ = 1, 900 do deep = { deep } end
check.eq(theirs(deep), "array " .. ("["):rep(900) .. 1 .. ("]"):rep(900))
local value, depth = ours "let v = 'x'; for (let i = 0; i < 900; i++) v = [v]; v", 0
while type(value) == "table" do value, depth = value[1], depth + 1 end
check.eq(depth, 900)
local errors = {}
child:on("error", function(err) errors[#errors + 1] = err end)
assert(child:send { eval = "let v = 'x'; for (let i = 0; i < 3000; i++) v = [v]; v" })
check.eq(ours "'next'", "next")
check.eq(#errors, 1)
check.eq(errors[1].code, "EPROTO")
check.has(errors[1].message, "deep")

child:disconnect()
check.eq(child:wait(60).code, 0)
