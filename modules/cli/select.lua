-- select.lua - a choice from a list: local value, index = cli.select("Which?", {"a", "b", "c"})
-- On a terminal by arrow keys, numbers and typing; else, and where TERM=dumb, a numbered list and a
-- line.

local ask = require "procrun.cli.ask"
local misuse = require "procrun.events.misuse"
local open_place = require "procrun.cli.place"
local tty = require "procrun.core.tty"

local M = {}

-- The list ----------------------------------------------------------------------------------------

local function check_items(items)
  if type(items) ~= "table" or #items == 0 then
    misuse("bad argument #2 to 'select' (list with at least one item expected, got %s)",
      type(items) == "table" and "an empty one" or type(items))
  end
  local list = {}
  for i, item in ipairs(items) do
    local label, value = item, item
    if type(item) == "table" then label, value = item.label, item.value end
    if type(label) ~= "string" and type(label) ~= "number" then
      misuse("bad argument #2 to 'select' (item %d: a string or {label =, value =} expected)", i)
    end
    if value == nil then value = label end
    list[i] = { label = tostring(label):gsub("%c", " "), value = value, index = i }
  end
  return list
end

local function index_of(list, value)
  for _, item in ipairs(list) do
    if item.value == value then return item.index end
  end
  misuse("select: default: '%s' is not in the list", tostring(value))
end

-- Index -> true.
local function check_default(list, options)
  local chosen, default = {}, options.default
  if default == nil then return chosen end
  if options.multi and type(default) ~= "table" then
    misuse("select: default: with multi a list of values expected, got %s", type(default))
  end
  for _, value in ipairs(options.multi and default or { default }) do
    chosen[index_of(list, value)] = true
  end
  return chosen
end

local function results(list, chosen, multi)
  local values, indices = {}, {}
  for _, item in ipairs(list) do
    if chosen[item.index] then
      values[#values + 1], indices[#indices + 1] = item.value, item.index
    end
  end
  if multi then return values, indices end
  return values[1], indices[1]
end

local function labels(list, chosen)
  local names = {}
  for _, item in ipairs(list) do
    if chosen[item.index] then names[#names + 1] = item.label end
  end
  local text = table.concat(names, ", ")
  if #names < 2 or tty.width(text) <= 50 then return text end
  return ("%d of %d"):format(#names, #list)
end

-- By a line ---------------------------------------------------------------------------------------

local function item_of(list, word)
  local number = math.tointeger(tonumber(word))
  if number and list[number] then return number end
  for _, item in ipairs(list) do
    if item.label == word then return item.index end
  end
end

-- "2", "2 4", "1,3", or labels -> index -> true | nil, what is wrong
local function read_choice(list, line, multi)
  local text, chosen = line:match "^%s*(.-)%s*$", {}
  local whole = item_of(list, text)
  if whole then return { [whole] = true } end
  for word in text:gmatch(multi and "[^%s,]+" or ".+") do
    local index = item_of(list, word)
    if not index then
      return nil, ("'%s' is not in the list; a number from 1 to %d is expected"):format(
        word:gsub("%c", "?"), #list)
    end
    chosen[index] = true
  end
  return chosen
end

local function by_line(place, question, list, chosen, options)
  local lines = {}
  for i, item in ipairs(list) do lines[i] = ("%3d  %s\n"):format(i, item.label) end
  place:write(table.concat(lines))
  local text = ask.text(question, labels(list, chosen))
  while true do
    local line, message, code = ask.answer(place, text, options.default)
    if not line then return nil, message, code end
    local read, why = chosen, nil
    if line:find "%S" then
      read, why = read_choice(list, line, options.multi)
    elseif not options.multi and next(chosen) == nil then
      read, why = nil, ("a number from 1 to %d is expected"):format(#list)
    end
    if read then return results(list, read, options.multi) end
    place:write(why .. "\n")
  end
end

-- By keys -----------------------------------------------------------------------------------------

local function filtered(self)
  local shown, wanted = {}, self.filter:lower()
  for _, item in ipairs(self.list) do
    if item.label:lower():find(wanted, 1, true) then shown[#shown + 1] = item end
  end
  self.shown = shown
  self.cursor = math.max(1, math.min(self.cursor, #shown))
end

-- How many items fit, and the first of them.
local function window(self, rows)
  local most = math.max(1, rows - 2)
  local first = self.first
  if self.cursor < first then first = self.cursor end
  if self.cursor >= first + most then first = self.cursor - most + 1 end
  self.first = math.max(1, math.min(first, #self.shown - most + 1))
  return math.min(most, #self.shown)
end

local function line_of(self, item, current, columns)
  local box = self.multi and (self.chosen[item.index] and "[x] " or "[ ] ") or ""
  local text = tty.cut((current and "> " or "  ") .. box .. item.label, columns - 1)
  return current and self.paint.cyan(text) or text
end

-- The question, behind which the cursor stays, and the list below. What is on the screen is erased.
local function draw(self)
  local columns, rows = tty.size(self.place.output:fileno())
  if not columns then columns, rows = 80, 24 end
  local head = tty.cut(self.head .. self.filter, columns - 1)
  local hint = self.multi and self.filter == "" and "(space marks, Enter ends)" or ""
  hint = tty.cut(hint, columns - 1 - tty.width(head))
  local lines = { "\r\27[J" .. head .. self.paint.dim(hint) }
  for i = 0, window(self, rows) - 1 do
    local at = self.first + i
    lines[#lines + 1] = line_of(self, self.shown[at], at == self.cursor, columns)
  end
  if #self.shown == 0 then lines[2] = self.paint.dim(tty.cut("  (none)", columns - 1)) end
  local right = tty.width(head)
  self.place:write(("%s\27[%dA\r%s"):format(table.concat(lines, "\n"), #lines - 1,
    right > 0 and ("\27[%dC"):format(right) or ""))
end

local function erase(self, rest)
  self.place:write("\r\27[J" .. self.head .. rest .. "\n")
end

local actions = {}

function actions.up(self) self.cursor = self.cursor > 1 and self.cursor - 1 or #self.shown end
function actions.down(self) self.cursor = self.cursor < #self.shown and self.cursor + 1 or 1 end
function actions.home(self) self.cursor = 1 end
actions["end"] = function(self) self.cursor = math.max(1, #self.shown) end
actions["page-up"] = function(self) self.cursor = math.max(1, self.cursor - 10) end
actions["page-down"] = function(self)
  self.cursor = math.max(1, math.min(#self.shown, self.cursor + 10))
end
actions["ctrl-p"], actions["ctrl-n"] = actions.up, actions.down

function actions.backspace(self)
  self.filter = self.filter:gsub("[^\x80-\xBF][\x80-\xBF]*$", "")
  filtered(self)
end

function actions.space(self)
  local item = self.shown[self.cursor]
  if not self.multi then
    self.filter = self.filter .. " "
    filtered(self)
  elseif item then
    self.chosen[item.index] = not self.chosen[item.index] or nil
  end
end

-- All that are shown, or none of them.
actions["ctrl-a"] = function(self)
  local all = true
  for _, item in ipairs(self.shown) do all = all and self.chosen[item.index] end
  for _, item in ipairs(self.multi and self.shown or {}) do
    self.chosen[item.index] = not all or nil
  end
end

-- A number goes to that item, as long as nothing is typed; "1" and "2" soon after it to item 12.
local function typed(self, key)
  local number = self.filter == "" and key:find "^%d$" and tonumber(self.number .. key)
  if number and self.list[number] then
    self.number, self.cursor = tostring(number), number
    return
  elseif number and self.list[tonumber(key)] then
    self.number, self.cursor = key, tonumber(key)
    return
  end
  self.filter, self.cursor = self.filter .. key, 1
  filtered(self)
end

-- True: it is over; its results.
local function act(self, key)
  if key == "enter" then
    local item = self.shown[self.cursor]
    if not self.multi then self.chosen = item and { [item.index] = true } or {} end
    if item or self.multi then return true end
  elseif key == "escape" and self.filter == "" then
    return true, "cancelled", "ECANCELED"
  elseif key == "escape" then
    self.filter = ""
    filtered(self)
  elseif key == "eof" then
    return true, "end of input", "EOF"
  elseif actions[key] then
    actions[key](self)
  elseif utf8.len(key) == 1 then
    return typed(self, key)
  end
  self.number = ""
end

local function by_keys(place, question, list, chosen, options)
  local self = { place = place, list = list, chosen = chosen, multi = options.multi, filter = "",
    number = "", cursor = next(chosen) and not options.multi and next(chosen) or 1, first = 1,
    head = ask.text(question), paint = require "procrun.cli.colour".colour(place.output) }
  filtered(self)
  local _ <close> = setmetatable({}, { __close = function()
    if not self.over then place:write("\r\27[J" .. self.head) end
  end })
  place:take("keys", function() draw(self) end)
  draw(self)
  for key in require "procrun.cli.keys" (place.input) do
    local over, message, code = act(self, key)
    if over then
      self.over = true
      erase(self, message and "" or labels(list, self.chosen))
      if message then return nil, message, code end
      return results(list, self.chosen, self.multi)
    end
    draw(self)
  end
  return nil, "end of input", "EOF"
end

local function select_from(question, list, chosen, options)
  local place <close> = open_place()
  local plain = not place.terminal or os.getenv "TERM" == "dumb"
    or not tty.is_tty(place.output:fileno())
  local how = plain and by_line or by_keys
  return how(place, question, list, chosen, options)
end

--- select(question, items, [options]) -> value, index | nil, message, code; multi: a list of each
function M.select(question, items, options)
  options = ask.check("select", question, options, { default = "any", multi = "boolean" })
  local list = check_items(items)
  local chosen = check_default(list, options)
  return ask.timed(options, select_from, question, list, chosen, options)
end

return M
