-- closest.lua - the name that was probably meant:
-- closest("--jbos", {"--jobs", "--json"}) --> "--jobs"

-- How many letters have to be changed, added, left out, or changed places with the next.
local function distance(a, b)
  local before, last = {}, {}
  for j = 0, #b do last[j] = j end
  for i = 1, #a do
    local row = { [0] = i }
    for j = 1, #b do
      local same = a:byte(i) == b:byte(j)
      row[j] = math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same and 0 or 1))
      local swapped = i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j)
      if swapped then row[j] = math.min(row[j], before[j - 2] + 1) end
    end
    before, last = last, row
  end
  return last[#b]
end

--- closest(word, names) -> one of them | nil: none is like it
return function(word, names)
  if #word > 40 then return nil end
  local best, least
  local lower = word:lower()
  for _, name in ipairs(names) do
    local count = distance(lower, name:lower())
    local begins = #word >= 3 and name:sub(1, #word):lower() == lower
    if begins then count = 1 end
    local few = math.max(#word, #name) // 3
    if count <= math.min(few, 3) and (not least or count < least) then best, least = name, count end
  end
  return best
end
