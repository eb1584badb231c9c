-- stats.lua - what is said about a list of measured numbers.

local M = {}

--- summary(list) -> {median =, min =, max =, n =}, or nil for an empty list
function M.summary(list)
  local n = #list
  if n == 0 then return nil end
  local sorted = table.move(list, 1, n, 1, {})
  table.sort(sorted)
  local low, high = sorted[(n + 1) // 2], sorted[n // 2 + 1]
  return { median = (low + high) / 2, min = sorted[1], max = sorted[n], n = n }
end

return M
