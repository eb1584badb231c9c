-- messages.lua - the big messages of the echo rows, about 4 MB of JSON each.

local M = {}

function M.object()
  local items = {}
  for i = 1, 36000 do
    items[i] = { id = i, name = "item " .. i, price = i * 0.25 + 0.125, active = i % 2 == 0,
      tags = { "red", "green", "blue" }, pos = { x = i % 100, y = i % 7 } }
  end
  return { items = items }
end

function M.string() return ("abcdefghijklmnopqrstuvwxyz012345 "):rep(4000000 // 33) end

return M
