-- What a time limit, a loop that is left, an error ends: the whole tree, at once.
-- timeout: 60
local check = require "tests.lib.check"
local marked = require "tests.lib.marked"

-- A script that reports by itself; nothing of it is left while it still runs.
local function leaves_nothing(script)
  local s <close> = marked.start('local sh, task = require "sh", require "task"\n' .. script
    .. '\nprint "over" io.stdout:flush() sh.sleep(600)')
  s:expect "over"
  local left = s:left()
  if #left ~= 1 then error(script .. "\n" .. table.concat(left, "\n"), 2) end
end

leaves_nothing [[print(pcall(sh.run, { "sh", "-c", "sleep 321 & wait", timeout = 0.1 }))]]
leaves_nothing [[print(pcall(sh.text, { "sh", "-c", "sleep 321 & wait", timeout = 0.1 }))]]
leaves_nothing [[print(pcall(sh.run, { "sh", "-c", "trap '' TERM; sleep 321 & sleep 322; sleep 323",
  timeout = 0.1, grace = 0.1 }))]]
leaves_nothing [[print(pcall(sh.ok, { "sh", "-c", "sleep 321 & wait", timeout = 0.1 }))]]
leaves_nothing [[print(pcall(sh.timeout, "0.1s", sh.text, "sh -c 'sleep 321 & wait'"))]]
leaves_nothing [[print(pcall(sh.run, sh.cmd { "sh", "-c", "sleep 321 & wait", timeout = 0.1 }
  | "cat"))]]
leaves_nothing [[local n = 0
for _ in sh.lines "yes" do n = n + 1 if n == 3 then break end end]]
leaves_nothing [[for _ in sh.lines(sh.cmd "yes" | "cat" | "cat") do break end]]
leaves_nothing [[pcall(function()
  for _ in sh.lines "sh -c 'sleep 321 & yes'" do error "x" end
end)]]
leaves_nothing [[pcall(sh.map, { 1, 2, 3 }, 3, function(i)
  if i == 2 then sh "false" end
  sh "sh -c 'sleep 321 & wait'"
end)]]
leaves_nothing [[local t = task.spawn(sh.run, "sh -c 'sleep 321 & wait'")
sh.sleep(0.05) t:cancel() t:wait()]]

-- the error of a loop comes at its end, and not when it was left
local sh = require "procrun.sh"
local got = {}
local e = check.raises("exit status 3", function()
  for line in sh.lines "sh -c 'echo a; printf b; exit 3'" do got[#got + 1] = line end
end)
check.eq(table.concat(got, ","), "a,b")
check.eq(e.exit_code, 3)
for line in sh.lines "sh -c 'echo a; echo b; exit 3'" do
  if line == "a" then break end
end
check.raises("command not found", sh.lines, "no-such-program")
check.raises("timed out", function()
  for _ in sh.lines { "sh", "-c", "echo a; sleep 60", timeout = 0.05 } do end
end)
check.eq(sh.lines { "sh", "-c", "exit 3", check = false }(), nil)
check.eq(sh.lines { "sh", "-c", "echo to stderr >&2", stderr = "stdout" }(), "to stderr")
