-- glob_pattern.lua - glob patterns as the parts that the C half matches: braces are written out,
-- what is left is cut at its slashes. compile({"src/**/*.{c,h}"}, {dot = true}) -> spec

local core = require "procrun.core.fs"

local M = {}

local MOST <const> = 1 << 14 -- alternatives that the braces of a pattern may stand for

-- Where each "{" of the text that has a "}" ends, and the commas between the two.
local function pairs_of(text)
  local open, found, at = {}, {}, 1
  while true do
    at = text:find("[\\{},]", at)
    if not at then return found end
    local c = text:sub(at, at)
    local last = open[#open]
    if c == "\\" then
      at = at + 1
    elseif c == "{" then
      open[#open + 1] = { from = at }
    elseif last and c == "," then
      last[#last + 1] = at
    elseif last and c == "}" then
      last.to = at
      found[last.from] = last
      open[#open] = nil
    end
    at = at + 1
  end
end

local function padded(number, width)
  local sign, digits = ("%d"):format(number):match("^(%-?)(%d+)$")
  return sign .. ("0"):rep(width - #sign - #digits) .. digits
end

local function count_of(from, to, step)
  return math.abs(to / 1 - from) // step + 1
end

-- The list that "1..10", "01..10..2" or "a..e" stands for; nil for any other text. false: too long.
local function sequence(text)
  local first, last, step = text:match("^(%-?%w+)%.%.(%-?%w+)%.%.(%-?%d+)$")
  if not first then first, last = text:match("^(%-?%w+)%.%.(%-?%w+)$") end
  if not first then return nil end
  step = math.abs(math.tointeger(tonumber(step or 1)) or 0)
  if step == 0 then step = 1 end
  local list = {}
  if first:find("^%a$") and last:find("^%a$") then
    local from, to = first:byte(), last:byte()
    for c = from, to, from <= to and step or -step do
      list[#list + 1] = string.char(c):gsub("%W", "\\%0")
    end
    return list
  end
  local from, to = first:find("^%-?%d+$") and math.tointeger(tonumber(first)),
    last:find("^%-?%d+$") and math.tointeger(tonumber(last))
  if not from or not to then return nil end
  if count_of(from, to, step) > MOST then return false end
  local zero = first:find("^%-?0%d") or last:find("^%-?0%d")
  local width = zero and math.max(#first, #last) or 0
  for n = from, to, from <= to and step or -step do
    list[#list + 1] = padded(n, width)
  end
  return list
end

local expand

local function alternatives(text, found)
  if #found == 0 then return sequence(text:sub(found.from + 1, found.to - 1)) end
  local list, from = {}, found.from + 1
  for i = 1, #found + 1 do
    local to = found[i] or found.to
    local some = expand(text:sub(from, to - 1))
    if not some or #list + #some > MOST then return false end
    table.move(some, 1, #some, #list + 1, list)
    from = to + 1
  end
  return list
end

-- The texts that one with braces stands for, as bash has it; false where they are too many.
function expand(text)
  local found, at = text:find("{", 1, true) and pairs_of(text), 0
  while found do
    at = text:find("{", at + 1, true)
    if not at then break end
    local list = found[at] and alternatives(text, found[at])
    if list == false then return false end
    if list then
      local rest = expand(text:sub(found[at].to + 1))
      if not rest or #list * #rest > MOST then return false end
      local head, all = text:sub(1, at - 1), {}
      for _, middle in ipairs(list) do
        for _, tail in ipairs(rest) do all[#all + 1] = head .. middle .. tail end
      end
      return all
    end
  end
  return { text }
end

local function part_of(text, fold)
  local slashes = text:match("\\*$")
  if #slashes % 2 == 1 then text = text:sub(1, -2) end -- it stood before a "/"
  if text == "**" then return "a" end
  local wild = text:gsub("\\.", ""):find("[*?[]") or fold and text:find("%a")
  return wild and "m" .. text or "n" .. text:gsub("\\(.)", "%1")
end

local function is_dir(text)
  return text:sub(-1) == "/" and "d" or "e"
end

-- The parts of one alternative, behind what is in the row.
local function add_parts(row, text, fold)
  for name in text:gmatch("[^/]+") do
    local part = part_of(name, fold)
    if part ~= "a" or row[#row] ~= "a" then row[#row + 1] = part end
  end
  row[#row + 1] = is_dir(text)
end

local function add_pattern(row, text, fold)
  local absolute = text:byte() == 47
  if text == "" then return nil end
  if absolute then row[#row + 1] = "r" end
  add_parts(row, text, fold)
  return absolute and "absolute" or "relative"
end

-- As in .gitignore: a pattern of one name means it at any depth, others begin at the top, which is
-- the root of the file system for absolute paths.
local function add_ignored(row, text, fold)
  if text:find("^%./") then text = text:sub(3) end
  if text == "" then return end
  if not text:find("/.") then
    for _, start in ipairs { { "a" }, { "r", "a" } } do
      table.move(start, 1, #start, #row + 1, row)
      add_parts(row, text, fold)
    end
    return
  end
  add_parts(row, text, fold)
  if text:byte() == 47 then add_pattern(row, text, fold) end
end

-- Hands each alternative of the patterns to add.
local function each(patterns, fold, add)
  local row, kinds = {}, {}
  for _, pattern in ipairs(patterns) do
    local list = expand(pattern)
    if not list then return nil, pattern end
    for _, text in ipairs(list) do
      local kind = add(row, text, fold)
      if kind then kinds[kind] = true end
    end
  end
  return row, kinds
end

--- compile(patterns, {dot =, nocase =}) -> spec, {absolute =, relative =} | nil, the pattern whose
--- braces stand for too much
function M.compile(patterns, options)
  local row, kinds = each(patterns, options.nocase, add_pattern)
  if not row then return nil, kinds end
  return core.glob_spec(row, options.dot, options.nocase), kinds
end

--- compile_ignored(patterns, {nocase =}) -> spec | nil, the pattern whose braces stand for too much
function M.compile_ignored(patterns, options)
  local row, problem = each(patterns, options.nocase, add_ignored)
  if not row then return nil, problem end
  return core.glob_spec(row, true, options.nocase)
end

--- escape(text) -> the pattern for just this text
function M.escape(text)
  return (text:gsub("[*?%[%]{},\\]", "\\%0"))
end

return M
