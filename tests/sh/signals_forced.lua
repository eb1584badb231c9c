-- A second signal ends at once, whatever the first one has made wait: handlers that do not return,
-- children that do not listen. Nothing is left.
-- timeout: 60
local check = require "tests.lib.check"
local marked = require "tests.lib.marked"

local DEAF <const> = [[trap '' INT TERM HUP; (trap '' INT TERM HUP; exec sleep 600) &
echo ready; while :; do sleep 0.05; done]]

local function forced(script, first, second, wanted)
  local s <close> = marked.start(script)
  s:expect "ready"
  s:signal(first)
  s:expect(wanted)
  -- the same signal within 5 ms is one: `timeout` sends it twice
  if first == second then require "procrun.task".sleep(0.02) end
  s:signal(second)
  local r, text = s:finish()
  check.eq(r.signal, "SIG" .. second, text)
  check.lacks(text, "went on")
end

-- a handler that waits, beside a child that does not listen
local WAITS <const> = ([[
local sh, task = require "sh", require "task"
task.spawn(function() sh { "sh", "-c", %q } end)
local _ <close> = sh.defer(function() print "deferred" sh.sleep(600) print "went on" end)
sh.sleep(600)]]):format(DEAF)
forced(WAITS, "INT", "INT", "deferred")
forced(WAITS, "TERM", "INT", "deferred")
forced(WAITS, "HUP", "TERM", "deferred")

-- one that computes for ever
forced(([[
local sh, task = require "sh", require "task"
task.spawn(function() sh { "sh", "-c", %q } end)
local _ <close> = sh.defer(function() io.stdout:write("deferred\n"):flush() while true do end end)
sh.sleep(600)]]):format(DEAF), "INT", "INT", "deferred")

-- a command of a handler
forced(([[
local sh = require "sh"
local _ <close> = sh.defer(function() sh { "sh", "-c", %q } print "went on" end)
print "ready" io.stdout:flush()
sh.sleep(600)]]):format(DEAF), "INT", "INT", "ready")
