-- names.lua - the keys of tables, for a message: names({b = 1, a = 1}, {c = 1}) -> "a, b, c"

--- names(table, …) -> string
return function(...)
  local names = {}
  for i = 1, select("#", ...) do
    for name in pairs((select(i, ...))) do names[#names + 1] = name end
  end
  table.sort(names)
  return table.concat(names, ", ")
end
