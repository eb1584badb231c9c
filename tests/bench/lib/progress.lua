-- progress.lua - the line that says what is being measured: overwritten in place on a terminal,
-- else one line a row.

local M = {}

local is_tty = process.stderr.is_tty
local last_row

--- show(row, round, subject)
function M.show(row, round, subject)
  if is_tty then
    io.stderr:write(("\r\27[Kbench: %s, round %d: %s"):format(row, round, subject))
  elseif row ~= last_row then
    io.stderr:write(("bench: %s\n"):format(row))
  end
  last_row = row
end

--- clear(): before something else is written
function M.clear()
  if is_tty then io.stderr:write("\r\27[K") end
end

--- say(text): a line that stays
function M.say(text)
  M.clear()
  io.stderr:write("bench: ", text, "\n")
end

return M
