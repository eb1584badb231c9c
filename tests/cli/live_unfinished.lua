-- A line that others have begun and not ended stays as it is above the bars, and goes on where it
-- was, however long it is: also one that fills its row, and one with colours and wide characters.
local check = require "tests.lib.check"
local screen = require "tests.lib.screen"

local COLUMNS <const> = 40

local file = check.write(check.tmp "unfinished.lua", [[
local cli, task = require "cli", require "task"
local columns = 40
local bar <close> = cli.progress(10, {text = "bar"})
for _, n in ipairs {1, columns - 1, columns, columns + 1, 2 * columns, 100} do
  for from = 1, n, 13 do
    io.write(("x"):rep(math.min(13, n - from + 1)))
    task.sleep(0.04) -- the bar is drawn below
  end
  io.write "|\n"
end
io.write "\27[31m漢字" task.sleep(0.05) io.write "漢字\27[0m" task.sleep(0.05) print "."
io.write "45%" task.sleep(0.05) io.write "\r46%" task.sleep(0.05) io.write "\r47%\n"
bar:set(5) bar:close()]])

local s <close> = screen.open("$PROCRUN " .. file, {columns = COLUMNS, rows = 30,
  env = {LC_ALL = "C.UTF-8"}})
check.eq(s:ended(), 0)
local text = s:wait_for "bar: stopped at 5/10"
local wanted = {}
for _, n in ipairs {1, COLUMNS - 1, COLUMNS, COLUMNS + 1, 2 * COLUMNS, 100} do
  local line = ("x"):rep(n) .. "|"
  for from = 1, #line, COLUMNS do wanted[#wanted + 1] = line:sub(from, from + COLUMNS - 1) end
end
wanted[#wanted + 1] = "漢字漢字."
wanted[#wanted + 1] = "47%"
check.eq(text:match "^(.*)\nbar: stopped", table.concat(wanted, "\n"))
