-- What JSON cannot say is an error that names the path, at send; nothing of it goes out.
local check = require "tests.lib.check"
local worker = require "tests.lib.worker"

local child = worker.fork [[for m in process:messages() do process.send(m) end]]

local cycle = {}
cycle.a = { cycle }
local cases = {
  { { items = { 1, { name = "\xff" } } }, "invalid UTF-8", ".items[2].name" },
  { { x = 0 / 0 }, "nan", ".x" },
  { { f = print }, "function", ".f" },
  { { list = { 1, nil, 3 } }, "", ".list" },
  { { mixed = { 1, a = 2 } }, "", ".mixed" },
  { cycle, "", ".a[1]" },
  { print, "function", "" },
}
for _, case in ipairs(cases) do
  local err = tostring(check.raises("send: ", function() child:send(case[1]) end))
  check.has(err:lower(), case[2]:lower())
  check.has(err, case[3])
  check.has(err, "json_errors.lua:")
end

-- A __tojson that raises, and one that sends a message of its own: that one comes later.
check.raises("broken", child.send, child, setmetatable({}, {
  __tojson = function() error("broken") end,
}))
assert(child:send(setmetatable({}, {
  __tojson = function()
    child:send("inner")
    return { "outer" }
  end,
})))
check.eq(child:receive(20)[1], "outer")
check.eq(child:receive(20), "inner")
assert(child:send("last"))
check.eq(child:receive(20), "last")
child:disconnect()
assert(child:wait(20).ok)
