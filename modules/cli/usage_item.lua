-- usage_item.lua - one option or operand as a usage text describes it: its names and, from the
-- description, its default, choices, range, environment variable and the type of its value.
-- local option, rest = item.option(text, fail); item.describe(option, description)

local M = {}

-- How an option's value is called in the text, where that says its type.
local KINDS <const> = {
  N = "integer", NUM = "number", NUMBER = "number", TIME = "time",
}

--- kind("N") -> "integer" | "number" | "time" | nil: any text
function M.kind(name) return KINDS[name:upper()] end

--- key("keep-going") -> "keep_going"
function M.key(name)
  return (name:gsub("[-.:]", "_"))
end

-- "json|csv" -> list | nil
local function words_of(text)
  if not text:find("|", 1, true) then return nil end
  local list = {}
  for word in (text .. "|"):gmatch "%s*([^|]-)%s*|" do
    if not word:find "^[%w\x80-\xff][%w\x80-\xff_.:+/-]*$" then return nil end
    list[#list + 1] = word
  end
  return list
end

-- What the text calls the value: N, <n>, json|csv; a word of small letters is none.
local function read_value(text)
  local inner = text:match "^<([^<>]+)>$" or text
  local choices = words_of(inner)
  if choices then return { value = inner, choices = choices } end
  if inner == text and not text:find "^%u[%u%d_.:/+-]*$" then return nil end
  return { value = inner:upper(), kind = M.kind(inner) }
end

local function take_value(option, text, fail)
  local value = read_value(text)
  if not value then
    fail("'%s' is no name of a value: write it in capitals or as <%s>, and two blanks before the "
      .. "description", text, text)
  elseif option.value and option.value ~= value.value then
    fail("the value is called '%s' and '%s'", option.value, value.value)
  end
  option.value, option.kind, option.choices = value.value, value.kind, value.choices
end

-- A name at the front of text; where the rest begins.
local function add_name(option, text, fail)
  local long, at = text:match "^%-%-%[no%-%](%w[%w_.-]*)()"
  option.negatable = option.negatable or long ~= nil
  if not long then long, at = text:match "^%-%-(%w[%w_.-]*)()" end
  if long then
    local dots = long:match "%.+$" -- they are read with what stands behind the name
    if dots then long, at = long:sub(1, -#dots - 1), at - #dots end
    option.long[#option.long + 1] = long
    return at
  end
  local short = text:match "^%-([^%s%c,|=<>%[%]().-])"
  if not short then fail("'%s' is no option", text) end
  if text:find "^%-.[%w_-]" then
    fail("'%s': a long option has two dashes, and a value stands behind a blank",
      text:match "^%S+")
  end
  option.short[#option.short + 1] = short
  return 3
end

-- The value and the dots behind a name; where the rest begins.
local function read_tail(option, text, at, fail)
  local optional, stop = text:match("^%[=([^%[%]]+)%]()", at)
  if not optional then stop = nil end
  local given, given_stop = text:match("^[= ](<[^<>]*>)()", at)
  if not given then given, given_stop = text:match("^[= ]([^%s,%[%]<>-][^%s,%[%]<>]*)()", at) end
  local dots = given and given:match "^(.-)%.%.%.$"
  if dots then
    given, option.repeated = dots, true
  end
  if optional then
    option.optional = true
    take_value(option, optional, fail)
  elseif given and given ~= "|" and given ~= "..." and given ~= "" then
    take_value(option, given, fail)
    stop = given_stop
  end
  at = stop or at
  local after = text:match("^ ?%.%.%.()", at)
  if after then option.repeated = true end
  return after or at
end

--- option("-j, --jobs N", fail) -> option, what of the text stands behind it
function M.option(text, fail)
  local option = { short = {}, long = {} }
  while true do
    local at = add_name(option, text, fail)
    at = read_tail(option, text, at, fail)
    text = text:sub(at)
    local next_name = text:match "^%s*[,|]%s*()%-" or text:match "^ ()%-[^%s]"
    if not next_name then break end
    text = text:sub(next_name)
  end
  option.name = option.long[1] and "--" .. option.long[1] or "-" .. option.short[1]
  option.key = M.key(option.long[1] or option.short[1])
  if option.negatable and option.value then
    fail("%s takes a value, so it has no --no-", option.name)
  end
  return option, text
end

-- The description ------------------------------------------------------------------------------

-- 0755 and 007 are no numbers to count with: they stay what they are.
local function number_in(text)
  if text:find "^[+-]?0%d" then return nil end
  return text:find "^[+-]?%d" and tonumber(text) or text:find "^[+-]?%.%d" and tonumber(text)
end

-- "1..64", "0..", "..9" -> low, high; either may be nil
local function range_of(text)
  local low, high = text:match "^(%S-)%s*%.%.%s*(%S*)$"
  if not low or low == "" and high == "" or high:find "^%." then return nil end
  if low ~= "" and not number_in(low) or high ~= "" and not number_in(high) then return nil end
  return { low = number_in(low), high = number_in(high) }
end

local function set_default(item, text, fail)
  local quoted = text:match '^"(.*)"$' or text:match "^'(.*)'$"
  if not quoted and text:find "^[\"']" then
    fail("default %s: the quote is not closed, or there is a bracket in it", text)
  elseif not quoted and text:find "%s" then
    fail("a default of several words stands in quotes: (default \"%s\")", text)
  end
  item.default_text, item.quoted = quoted or text, quoted ~= nil
end

-- One part of what stands in brackets; false: it is prose.
local function read_mark(item, text, fail)
  local default = text:match "^[Dd]efault:?%s+(.+)$"
  local variable = text:match "^[Ee]nv:?%s+%$?([%a_][%w_]*)$"
  local range, choices = range_of(text), words_of(text)
  if default then
    set_default(item, default, fail)
  elseif variable then
    item.env = variable
  elseif range then
    if range.low and range.high and range.low > range.high then fail("nothing is in (%s)", text) end
    item.low, item.high, item.ranged = range.low, range.high, true
    local whole = math.type(range.low) ~= "float" and math.type(range.high) ~= "float"
    if item.kind ~= "time" then item.kind = whole and "integer" or "number" end
  elseif choices then
    item.choices = choices
  elseif text:lower() == "required" then
    item.required = true
  else
    return false
  end
  return true
end

-- What stands between the commas; one within quotes divides nothing.
local function parts_of(text)
  text = text:gsub("([\"'])(.-)%1", function(quote, inner)
    return quote .. inner:gsub(",", "\0") .. quote
  end)
  local parts = {}
  for part in (text .. ","):gmatch "%s*(.-)%s*," do parts[#parts + 1] = (part:gsub("%z", ",")) end
  return parts
end

-- What was meant to say something, and is written in another way.
local function is_slip(text)
  return text:find "^[Dd]efault" or text:find "^[Ee]nv%f[%A]" or text:find("|", 1, true)
    or text:find "[(%[][Dd]efault[: ]" or text:find "^[+-]?%d[%d.]*%s*%-%s*%d[%d.]*$"
    or text:find "^[+-]?%d[%d.]*%s*%.%.%.?%s*%d"
end

-- (1..64, default 4): all of it is understood, or it is prose.
local function read_group(item, group, fail)
  local known, unknown = false, nil
  for _, part in ipairs(parts_of(group:sub(2, -2))) do
    if read_mark(item, part, fail) then
      known = true
    else
      unknown = (not unknown or is_slip(part)) and part or unknown
    end
  end
  if unknown and (known or is_slip(unknown)) then
    fail("'%s' in %s is not understood (it may hold: default 4, 1..64, json|csv, env NAME, "
      .. "required)", unknown, group)
  end
end

-- Also docopt's [default: x].
local function read_marks(item, description, fail)
  for group in description:gmatch "%b()" do read_group(item, group, fail) end
  for group in description:gsub("%b()", ""):gmatch "%b[]" do
    if is_slip(group:sub(2, -2)) then read_group(item, group, fail) end
  end
  local open = description:gsub("%b()", ""):gsub("%b[]", ""):match "[(%[][Dd]efault[: ].*"
  if open then fail("the bracket of '%s' is not closed", open) end
end

local SWITCH <const> = { on = true, yes = true, ["true"] = true, ["1"] = true,
  off = false, no = false, ["false"] = false, ["0"] = false }

--- switch(text) -> true | false | nil: what the text says of a flag
function M.switch(text) return SWITCH[text:lower()] end

local function check_flag(item)
  local fail = item.fail
  if item.choices or item.ranged then fail("%s takes no value", item.name) end
  if item.required then fail("%s takes no value: it cannot be required", item.name) end
  if not item.default_text then return end
  item.default = M.switch(item.default_text)
  if item.default == nil or not item.negatable then
    fail("%s takes no value, so there is no default '%s' (only --[no-]%s is on or off)", item.name,
      item.default_text, (item.name:gsub("^%-+", "")))
  end
end

-- Whole numbers, numbers, or none at all.
local function kind_of(words)
  local kind = "integer"
  for _, word in ipairs(words) do
    local number = number_in(word)
    if not number then return nil end
    if math.type(number) == "float" then kind = "number" end
  end
  return kind
end

-- A number as the default makes the value a number.
local function check_value(item)
  local text, fail = item.default_text, item.fail
  if item.choices then
    item.kind = kind_of(item.choices)
  elseif text and not item.quoted and (not item.kind or item.kind == "integer") then
    item.kind = kind_of { text } or item.kind
  end
  if item.optional and #item.long == 0 then
    fail("%s: only a long option's value may be missing", item.name)
  end
  if not text then return end
  if item.required and item.long then
    fail("%s is required, so its default is never used", item.name)
  end
  local value, message = require "procrun.cli.value" (item, text)
  if value == nil then fail("default '%s' of %s: %s", text, item.name, message) end
  item.default = item.repeated and { value } or value
end

--- describe(item, description): what the description says of it; item.fail tells what is wrong
function M.describe(item, description)
  read_marks(item, description, item.fail)
  if item.value then check_value(item) else check_flag(item) end
end

return M
