-- exclude.lua - exclude(globs, hidden) -> skips(name, base) -> boolean: what stays out of a bundle.

-- A glob as a pattern of Lua: ** is anything, * and ? stay within one name.
local function pattern_of(glob)
  local out, i = {"^"}, 1
  while i <= #glob do
    local set = glob:match("^%[[!^]?%]?[^%]]*%]", i)
    if glob:sub(i, i + 2) == "**/" then
      out[#out + 1], i = "\0", i + 3 -- any number of folders, none too
    elseif glob:sub(i, i + 1) == "**" then
      out[#out + 1], i = ".*", i + 2
    elseif set then
      local inside = set:sub(2, -2):gsub("^!", "^"):gsub("[%%%]]", "%%%0")
      out[#out + 1], i = "[" .. inside .. "]", i + #set
    else
      local c = glob:sub(i, i)
      out[#out + 1] = c == "*" and "[^/]*" or c == "?" and "[^/]" or c:gsub("%p", "%%%0")
      i = i + 1
    end
  end
  return table.concat(out) .. "$"
end

-- The patterns of a glob: one for each way to read its `**/`.
local function add_patterns(list, glob)
  local todo = {pattern_of(glob)}
  while #todo > 0 do
    local pattern = table.remove(todo)
    local before, behind = pattern:match("^([^\0]*)\0(.*)$")
    if before then
      todo[#todo + 1] = before .. behind
      todo[#todo + 1] = before .. ".*/" .. behind
    else
      list[#list + 1] = pattern
    end
  end
end

local function matches(list, text)
  for _, pattern in ipairs(list) do
    if text:find(pattern) then return true end
  end
  return false
end

return function(globs, hidden)
  local whole, base = {}, {}
  for _, glob in ipairs(globs) do
    local text = glob:gsub("(.)/+$", "%1"):gsub("^%./+", "")
    add_patterns(text:find("/", 1, true) and whole or base, (text:gsub("^/+", "")))
  end
  return function(name, last)
    return not hidden and last:sub(1, 1) == "." or matches(base, last) or matches(whole, name)
  end
end
