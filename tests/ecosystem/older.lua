-- Packages that Debian has for Lua 5.1 to 5.3 only, in Lua alone: they are found by LUA_PATH, and
-- do what they do with lua.
local rock = require "tests.lib.rock"
local check = require "tests.lib.check"
local fs = require "procrun.fs"

local SCRIPTS <const> = {
  inspect = [[
    local inspect = require "inspect"
    print(inspect {1, {a = true}, [3] = "x", f = print and 1})
    print(inspect(setmetatable({}, {__index = {}}), {depth = 1, newline = " ", indent = ""}))]],
  ansicolors = [[print((require "ansicolors" "%{red}x"):byte(1, -1))]],
  basexx = [[print(require "basexx".to_base64 "abc", require "basexx".from_hex "41")]],
  binaryheap = [[
    local heap = require "binaryheap".minUnique()
    for i, name in ipairs {"c", "a", "b"} do heap:insert(-i, name) end
    print(heap:pop(), heap:pop(), heap:size())]],
  fifo = [[local f = require "fifo"(1, 2) f:push(3) print(f:pop(), f:pop(), f:length())]],
  MessagePack = [[local m = require "MessagePack" print(m.unpack(m.pack {1, {"x"}})[2][1])]],
  uri = [[print(require "uri":new "http://a.b/c?d=e":host())]],
  logging = [[
    local logger = require "logging".new(function(_, ...) print(...) return true end)
    logger:info("what %s", "happened")]],
}
local count, missing = 0, {}
for name, script in pairs(SCRIPTS) do
  local found
  for _, version in ipairs {"5.3", "5.2", "5.1"} do
    local dir = "/usr/share/lua/" .. version .. "/"
    local here = fs.exists(dir .. name .. ".lua") or fs.exists(dir .. name .. "/init.lua")
    if here and not found then found = dir .. "?.lua;" .. dir .. "?/init.lua;;" end
  end
  if found then
    rock.same(script, {env = {LUA_PATH = found}})
    count = count + 1
  else
    missing[#missing + 1] = name
  end
end
table.sort(missing)
if count == 0 then
  print("skip: none of them is installed: " .. table.concat(missing, " "))
  os.exit(77)
end
check.eq(#missing + count, 8)
if #missing > 0 then print("not installed: " .. table.concat(missing, " ")) end
