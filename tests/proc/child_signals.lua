-- A child begins with no signal blocked and SIGPIPE as ever, however this process was started.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

if not io.open("/proc/self/status") then return print("skip: no /proc") end

local PIPE <const> = 1 << 12

local function masks(text)
  local mask = {}
  for name, hex in text:gmatch("(Sig%a+):%s*(%x+)") do mask[name] = tonumber(hex, 16) end
  return mask
end

local status = { "cat", "/proc/self/status" }
local script = check.write(check.tmp("look.lua"), [[
  local proc = require "procrun.proc"
  local status = { "cat", "/proc/self/status" }
  io.write(proc.run(status).stdout, "--\n",
    proc.pipeline({ "true" }, function(line) return line end, status).stdout, "--\n",
    proc.exec("cat /proc/self/status", { label = "x", capture = true }):wait().stdout)
]])
local own = masks(proc.run(status).stdout)
assert(own.SigBlk == 0 and own.SigIgn & PIPE == 0)

local text = proc.run("sh", { "-c", [[trap '' PIPE; exec "$0" "$1"]], process.exec_path, script })
  :check().stdout
local looks = 0
for part in (text .. "--\n"):gmatch("(.-)%-%-\n") do
  local mask = masks(part)
  check.eq(mask.SigBlk, 0)
  check.eq(mask.SigIgn & PIPE, 0)
  looks = looks + 1
end
assert(looks == 3)

-- so a writer without a reader ends quietly
local r = proc.pipeline({ "yes" }, function() return false end)
assert(r.ok and r.stages[1].signal == "SIGPIPE" and r.stderr == "")
