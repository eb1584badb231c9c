-- requires: script
-- A child in the background that wants the terminal stops: run reports that and does not wait.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local timer = require "procrun.timer"

local dir <close> = assert(fs.temp_dir())
local inner, answer = dir.path .. "/inner.lua", dir.path .. "/answer"
fs.write(inner, ([[
  local proc = require "procrun.proc"
  local file = io.open(%q, "w")
  -- in our group the terminal is shared
  local r = proc.run("sh", {"-c", "ps -o pgid= -p $$; ps -o pgid= -p $PPID"}, {stdin = "inherit"})
  local own, ours = r.stdout:match("(%%d+)%%s+(%%d+)")
  file:write(own == ours and "shared" or "apart", "\n")
  for _, command in ipairs {"cat", "stty sane; cat"} do
    r = proc.run("sh", {"-c", command}, {stdin = "inherit", group = true})
    file:write(("%%s %%s %%s %%s\n"):format(r.ok, r.stopped, r.errno, r.error))
  end
  -- stopped by somebody else: no business of the terminal
  local child = proc.spawn("sleep", {60})
  child:kill("STOP")
  file:write(child:wait(0.1) and "ended" or "waits", "\n")
  child:kill("KILL")
  child:wait()
  file:close()
]]):format(answer))

local began = timer.now()
local r = proc.run("script", { "-qec", proc.quote(process.exec_path) .. " " .. proc.quote(inner),
  "/dev/null" }, { stdin = "pipe", timeout = 20 })
local text = fs.read(answer) or ""
assert(r.ok and timer.now() - began < 15, tostring(r) .. r.stdout .. text)
local lines = {}
for line in text:gmatch("[^\n]+") do lines[#lines + 1] = line end
assert(lines[1] == "shared", text)
assert(lines[2]:find("^false SIGTTIN EIO `sh %-c cat` stopped for the terminal %(SIGTTIN%)"), text)
assert(lines[3]:find("^false SIGTTOU EIO "), text)
assert(lines[4] == "waits", text)
