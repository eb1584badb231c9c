-- name.lua - normal(name) -> "data/x" for "./data//x"; nil for what leads out of the folder.

return function(name)
  local parts, n = {}, 0
  for part in name:gmatch("[^/]+") do
    if part == ".." then
      if n == 0 then return nil end
      parts[n], n = nil, n - 1
    elseif part ~= "." then
      n = n + 1
      parts[n] = part
    end
  end
  return table.concat(parts, "/")
end
