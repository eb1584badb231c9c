-- Bars follow the size of the terminal: cut to its width, and no more of them than it has rows.
local check = require "tests.lib.check"
local screen = require "tests.lib.screen"

local file = check.write(check.tmp "resize.lua", [[
local cli, task = require "cli", require "task"
local group <close> = cli.live()
print "above"
local function add(from, to)
  for i = from, to do group:progress(100, {text = ("bar number %d"):format(i)}):set(i) end
end
add(1, 4)
while not io.open(arg[1] .. 1) do task.sleep(0.02) end
add(5, 12)
while not io.open(arg[1] .. 2) do task.sleep(0.02) end
for _, bar in ipairs(group.items) do bar:finish() end
print "below"]])

local go = check.tmp "go"
local s <close> = screen.open(("$PROCRUN %s %s"):format(file, go), {columns = 100, rows = 20})

-- The last lines are the bars, none of them broken. (What was wider than the terminal became,
-- tmux has broken, and may have moved out of sight.)
local function whole(bars, more)
  return function(text)
    local lines = {}
    for line in (text .. "\n"):gmatch "([^\n]*)\n" do lines[#lines + 1] = line end
    for i = 1, bars do
      local line = lines[#lines - bars + i] or ""
      if not line:find("^bar.*%f[%d]" .. i .. "%%") then return false end
    end
    return text:find(more)
  end
end

s:wait_until("four bars", whole(4, "bar number 4 [^\n]*4/100[^\n]*$"))
s:resize(30, 20)
s:wait_until("narrow ones", whole(4, "bar number 4   4%% 4/100$"))
s:resize(12, 20)
s:wait_until("very narrow ones", whole(4, "\nbar +4%%$"))
s:resize(120, 20)
s:wait_until("wide ones", whole(4, "bar number 4 [^\n]*4/100[^\n]*$"))
s:resize(80, 8)
check.write(go .. "1", "")
s:wait_until("some", function(text)
  return text:find "bar number 1 .*\n%.%.%. and 8 more$" and not text:find "bar number 5"
end)
s:resize(80, 24)
s:wait_until("all", whole(12, "bar number 12 [^\n]*12/100[^\n]*$"))
check.write(go .. "2", "")
check.eq(s:ended(), 0)
local text = s:wait_until("the end", function(now) return now:find "\nbelow$" end)
for i = 1, 12 do check.has(text, ("\nbar number %d: done, %d/100 in"):format(i, i)) end
