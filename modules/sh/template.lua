-- template.lua - the text of a command cut into words, as POSIX says; no shell.
-- template.parse("tar -czf $1 'a b'").words is {"tar", "-czf", {{"$1", 1}, whole = true}, "a b"}
--
-- A word is a string, or a list of parts: text, and references {shown, index | name}. What a shell
-- would act upon otherwise is refused (refuse.lua says with which advice).

local M = {}

local find, sub = string.find, string.sub

-- What stands for itself, outside quotes.
local PLAIN <const> = "^[^ \t\n'\"\\$|&;<>()*?[`#~{},]+"

-- Raised inside parse only.
local function refuse(text, pos, what)
  error({ require "procrun.sh.refuse".reason(text, pos, what) }, 0)
end

-- Reads what `$` at pos begins: a reference and the position behind it; nil where it is only a `$`.
local function read_reference(text, pos)
  local first, last, name = find(text, "^%$([%a_][%w_]*)", pos)
  if not first then first, last, name = find(text, "^%${([%a_][%w_]*)}", pos) end
  if not first then
    first, last, name = find(text, "^%$([1-9])%f[^%d]", pos)
    if not first then first, last, name = find(text, "^%${([1-9]%d*)}", pos) end
    if not first then
      if find(text, "^%$[%d@*#?!({'\"$-]", pos) then refuse(text, pos, "$") end
      return nil, pos + 1
    end
    return { sub(text, first, last), tonumber(name) }, last + 1
  end
  return { sub(text, first, last), name }, last + 1
end

-- A word under way: parts, neighbouring texts put together.
local function add(word, part)
  local n = #word
  if type(part) == "string" and type(word[n]) == "string" then
    word[n] = word[n] .. part
  elseif part ~= "" then
    word[n + 1] = part
  end
end

local function add_reference(word, text, pos)
  local reference, after = read_reference(text, pos)
  add(word, reference or "$")
  return after
end

-- Behind the opening ", up to and with the closing one.
local function read_double(word, text, pos)
  local start = pos - 1
  while true do
    local _, last, plain = find(text, '^([^"\\$`]+)', pos)
    if last then
      add(word, plain)
      pos = last + 1
    end
    local c = sub(text, pos, pos)
    if c == '"' then return pos + 1 end
    if c == "" then refuse(text, start, "open") end
    if c == "`" then refuse(text, pos, "`") end
    if c == "$" then
      if find(text, '^%$["\']', pos) then -- the $ is only a character here
        add(word, "$")
        pos = pos + 1
      else
        pos = add_reference(word, text, pos)
      end
    else
      local after = sub(text, pos + 1, pos + 1)
      if find(after, '^["\\$`]') then add(word, after)
      elseif after ~= "\n" then add(word, c .. after) end
      pos = pos + 2
    end
  end
end

-- An unquoted brace: {a,b} and {1..5} are several words in bash.
local function note_brace(text, pos, c, braces)
  local top = #braces
  if c == "{" then
    braces[top + 1] = pos
    if find(text, "^{[%w+-]+%.%.[%w+-]+}", pos) then refuse(text, pos, "{") end
  elseif c == "," then
    if top > 0 then braces[top] = -math.abs(braces[top]) end
  elseif top > 0 then
    if braces[top] < 0 then refuse(text, -braces[top], "{") end
    braces[top] = nil
  end
end

-- One word that begins at pos: its parts, and the position behind it.
local function read_word(text, pos)
  local word, braces, start = {}, {}, pos
  while true do
    local _, last = find(text, PLAIN, pos)
    if last then
      add(word, sub(text, pos, last))
      pos = last + 1
    end
    local c = sub(text, pos, pos)
    if c == "" or c == " " or c == "\t" or c == "\n" then return word, pos end
    if c == "'" then
      local close = find(text, "'", pos + 1, true) or refuse(text, pos, "open")
      add(word, sub(text, pos + 1, close - 1))
      pos = close + 1
    elseif c == '"' then
      pos = read_double(word, text, pos + 1)
    elseif c == "$" then
      pos = add_reference(word, text, pos)
    elseif c == "\\" then
      local after = sub(text, pos + 1, pos + 1)
      if after == "" then refuse(text, pos, "\\") end
      if after == "\n" and #word == 0 and pos == start then return nil, pos + 2 end
      if after ~= "\n" then add(word, after) end
      pos = pos + 2
    elseif find(c, "[{},]") then
      note_brace(text, pos, c, braces)
      add(word, c)
      pos = pos + 1
    elseif (c == "#" or c == "~") and pos > start then
      add(word, c)
      pos = pos + 1
    else
      refuse(text, pos, c)
    end
  end
end

-- Parts to the form that filling wants: a string where nothing is to be put in.
local function finish(word, self)
  if #word == 0 then return "" end
  if #word == 1 and type(word[1]) == "string" then return word[1] end
  word.whole = #word == 1
  for _, part in ipairs(word) do
    if type(part) == "table" then self.has_references = true end
  end
  self.is_constant = false
  return word
end

local function read(text)
  local self, pos = { words = {}, is_constant = true, has_references = false }, 1
  local words = self.words
  if find(text, "\0", 1, true) then refuse(text, 1, "\0") end
  while true do
    pos = find(text, "[^ \t]", pos)
    if not pos then return self end
    if sub(text, pos, pos) == "\n" then
      if #words > 0 and find(text, "[^ \t\n]", pos) then refuse(text, pos, "\n") end
      pos = pos + 1
    else
      if #words == 0 and find(text, "^[%a_][%w_]*%+?=", pos) then refuse(text, pos, "=") end
      if #words == 0 and find(text, "^![ \t]", pos) then refuse(text, pos, "!") end
      local word
      word, pos = read_word(text, pos)
      if word then words[#words + 1] = finish(word, self) end
    end
  end
end

local MOST <const> = 256 -- templates kept
local LONGEST <const> = 2000 -- bytes of one that is

local cache, cached = {}, 0

--- parse(text) -> {words =, is_constant =, has_references =} | nil, why not. Not to be changed.
function M.parse(text)
  local self = cache[text]
  if self then return self end
  local ok
  ok, self = pcall(read, text)
  if not ok then
    if type(self) ~= "table" then error(self, 0) end
    return nil, self[1]
  end
  if #text > LONGEST then return self end
  if cached == MOST then cache, cached = {}, 0 end
  cache[text], cached = self, cached + 1
  return self
end

return M
