-- HUP, INT and QUIT that were ignored when procrun was started are so in its children, too, as
-- under a POSIX shell: what a script under nohup, or behind a script's &, starts outlives those.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

if not io.open("/proc/self/status") then return print("skip: no /proc") end

local HUP <const>, INT <const>, QUIT <const>, TERM <const> = 1 << 0, 1 << 1, 1 << 2, 1 << 14

local script = check.write(check.tmp("children.lua"), [[
  local proc = require "procrun.proc"
  if arg[1] then process:on(arg[1], print) end
  local look = { "grep", "SigIgn", "/proc/self/status" }
  io.write(proc.run(look).stdout, proc.run(look, { timeout = 60 }).stdout,
    proc.pipeline(look, { "cat" }).stdout)
  local worker = assert(proc.fork(process.script_dir .. "/worker.lua", {}, { silent = true }))
  io.write(worker:wait():check().stdout)
  os.execute "grep SigIgn /proc/self/status"
]])
check.write(check.tmp("worker.lua"),
  [[io.write(require "procrun.proc".run("grep", { "SigIgn", "/proc/self/status" }).stdout)]])

local function expect(ignored, expected, ...)
  local command = ("trap '' %s; exec \"$@\""):format(ignored)
  local r = proc.run("sh", { "-c", command, "sh", process.exec_path, script, ... }):check()
  local looks = 0
  for hex in r.stdout:gmatch("SigIgn:%s*(%x+)") do
    check.eq(tonumber(hex, 16) & (HUP | INT | QUIT | TERM), expected)
    looks = looks + 1
  end
  check.eq(looks, 5)
end

expect("HUP", HUP)
expect("INT QUIT", INT | QUIT)
expect("HUP TERM", HUP) -- who ends a program in order is not kept from it
expect("HUP INT", HUP | INT, "SIGHUP") -- also while somebody listens here
