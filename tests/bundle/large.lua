-- 2,000 files and 64 MB of data: all is there, and what is not used takes no memory.
-- timeout: 120
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"
local fs = require "procrun.fs"

local files = {["main.lua"] = [[
local bundle = require "bundle"
local function rss() return process.usage().rss end
local before = rss()
assert(before < 64e6, before)
local sum = 0
for i = 1, 2000 do sum = sum + require(("mod%d.m%d"):format(i % 20, i)) end
assert(sum == 2001000, sum)
assert(#bundle.list() == 23 and #bundle.list("mod7") == 100)
assert(bundle.stat("large").size == 64 * 1024 * 1024)
assert(rss() - before < 32e6, rss() - before)
local count = 0
for line in bundle.lines("large") do
  assert(#line == 65535)
  count = count + 1
end
assert(count == 1024)
assert(#bundle.read("large") == 64 * 1024 * 1024)
print(bundle.read("large"):sub(-3))]], last = "end"}
for i = 1, 2000 do files[("mod%d/m%d.lua"):format(i % 20, i)] = "return " .. i end
local folder = bundle.tree("app-src", files)
local line = ("x"):rep(65535) .. "\n"
do
  local large <close> = assert(fs.open(folder .. "/large", "w"))
  for _ = 1, 1024 do large:write(line) end
end
check.eq(bundle.run((bundle.make("app", folder))), "xx")
