-- LP-7: what cannot be executed leaves no zombie and no descriptor.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"

local function descriptors()
  local n = 0
  for _ in fs.walk("/proc/self/fd") do n = n + 1 end
  return n
end

local before
for round = 1, 20 do
  assert(proc.exec("/nope", {}) == nil)
  assert(proc.exec { cmd = "true", dir = "/nope" } == nil)
  assert(proc.exec { cmd = "/etc/passwd" } == nil)
  assert(proc.popen_async("/nope", nil, nil, nil, true, true, true) == nil)
  check.eq(luapower.children(), "")
  if round == 1 then before = descriptors() end -- launches keep a few
end
assert(descriptors() <= before)
