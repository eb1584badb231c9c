-- INT, TERM and HUP, to procrun alone or to its group: what runs is ended, defer, undo and <close>
-- run and may run commands, the script dies of the signal, nothing of it is left.
-- timeout: 120
local check = require "tests.lib.check"
local marked = require "tests.lib.marked"

-- The end of a block runs a command, whatever the task was doing.
local HEAD <const> = [[
local sh, task = require "sh", require "task"
local _ <close> = sh.defer(function() sh "echo deferred" end)
local _ <close> = sh.undo(function(why) sh("echo undone:", tostring(why)) end)
]]

local function ends(body, signal, to_all)
  local s <close> = marked.start(HEAD .. body)
  s:expect "ready"
  if to_all then s:signal_all(signal) else s:signal(signal) end
  local fine, r, text = pcall(s.finish, s)
  if not fine then error(body .. "\n" .. r, 0) end
  check.eq(r.signal, "SIG" .. signal, body .. text)
  check.has(text, "undone: the task was cancelled\ndeferred\n")
  check.lacks(text, "traceback")
  check.lacks(text, "went on")
  return text
end

local BODIES <const> = {
  [[sh "sh -c 'echo ready; sleep 600; :'"]],
  [[print(sh.text "sh -c 'echo ready >&2; sleep 600; :'")]],
  [[for line in sh.lines "sh -c 'echo ready; sleep 600; :'" do print(line) end]],
  [[sh.run(sh.cmd "sh -c 'echo ready >&2; sleep 600; :'" | "cat" | "sort")]],
  [[sh.map({1, 2, 3}, 3, function(i) sh("sh -c $1", "echo ready; sleep 600; :") end)]],
  [[sh.retry({times = math.huge, delay = "1ms"}, function() sh.try "sh -c 'echo ready >&2; exit 1'"
    sh "sh -c 'echo ready; sleep 600; :'" print "went on" end)]],
  [[while true do pcall(sh.run, "sh -c 'echo ready; sleep 0.05; exit 1'") end]],
  [[local function late() sh.timeout("20ms", sh.run, "sh -c 'echo ready; sleep 9; :'") end
    while true do pcall(late) end]],
  [[local job <close> = sh.start "sh -c 'echo ready; sleep 600; :'" job:wait() print "went on"]],
  [[sh.start "sh -c 'sleep 600; :'" print "ready" sh.sleep(600)]],
  [[sh.all { a = function() sh "sleep 600" end, b = function() print "ready" sh.sleep(600) end }]],
}
for i, body in ipairs(BODIES) do
  ends(body, i % 2 == 0 and "TERM" or "INT")
  ends(body, "INT", true)
end
ends(BODIES[1], "HUP")
ends(BODIES[4], "TERM", true)

-- A child that does not listen is killed after the grace.
local text = ends([[sh { "sh", "-c", "trap '' INT TERM; echo ready; while :; do sleep 0.05; done",
  grace = 0.1 }]], "INT", true)
check.has(text, "ready")

-- What a scope sets up lasts until its end: the handler's command runs where the block was.
local s <close> = marked.start([[
local sh = require "sh"
local _ <close> = sh.cd "/usr"
local _ <close> = sh.defer(function() sh "pwd" end)
sh "sh -c 'echo ready; sleep 600; :'"]])
s:expect "ready\n"
s:signal "TERM"
check.eq(select(2, s:finish()), "ready\n/usr\n")
