-- procrun.lua TEST [argument] - the works of tests/bench/shell.lua by procrun.
local sh, timer = require "sh", require "timer"

local test, argument = arg[1], arg[2]
local works = {}

works["true"] = function() sh.run "true" end
function works.pipe() print(sh.text(sh.cmd("head -c", argument, "/dev/zero") | "wc -c")) end

function works.timeout()
  local began = timer.now()
  local ok = pcall(sh.text, { "sh", "-c", "sleep " .. argument .. " & wait", timeout = 0.5 })
  print(("%s after %.1f s"):format(ok and "returned success" or "raised", timer.now() - began))
end

function works.cwd()
  print(table.concat(sh.map({ "/usr", "/etc" }, 2, function(dir)
    local _ <close> = sh.cd(dir)
    sh.run "sleep 0.05"
    return sh.text "pwd"
  end), " "))
end

function works.wait()
  local _ <close> = sh.defer(function() sh.run "echo cleaned up" end)
  sh.run("sleep", argument)
end

function works.stdout() print(sh.text "readlink /proc/self/fd/1") end
function works.missing() sh.run "no-such-command --now" end

function works.lines()
  local count = 0
  for _ in sh.lines("yes", argument) do
    count = count + 1
    if count == 3 then break end
  end
  print("went on after " .. count)
end

works[test]()
