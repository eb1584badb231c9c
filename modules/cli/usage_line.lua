-- usage_line.lua - what stands behind the program's name in a usage line, or behind a command's:
-- "[options] [-v] --out FILE <src>... <dst>". local line = usage_line.read(text, fail)
-- line.operands, line.options: in their order; line.early: options end at the first operand.

local item = require "procrun.cli.usage_item"

local M = {}

local function add_operand(line, name, optional, fail)
  if name:find("|", 1, true) then
    fail("'<%s>': an operand has a name; its choices stand in a line of its own: '<name>  (%s)'",
      name, name)
  elseif not name:find "^%a[%w _.:-]*$" then
    fail("'<%s>' is no name of an operand", name)
  end
  local operand = { name = "<" .. name .. ">", key = item.key((name:gsub(" ", "_"))):lower(),
    value = name:upper(), kind = item.kind(name), required = not optional }
  line.operands[#line.operands + 1] = operand
  return operand
end

-- "..." in brackets or behind them.
local function repeat_last(last, fail)
  if not last then fail("'...' stands behind what may be repeated") end
  last.repeated = true
end

-- What may stand behind an option's name as its value.
local VALUES <const> = { "^%[=[^%[%]]*%]", "^=<[^<>]*>", "^=[^%s%[%]]+", "^ <[^<>]*>[.]*",
  "^ %w[%w.+-]*|[%w|.+-]+", "^ %u[%u%d_:/+-]*[.]*%f[%s%[%]\0]" }

-- An option, without a line of its own it may be; what stands behind it.
local function add_option(line, text, optional, fail)
  local stop = select(2, text:find "^%-%-%[no%-%][^%s=%[%]]+") or select(2,
    text:find "^%-[^%s=%[%]]+")
  if not stop then fail "a '-' alone is no option" end
  for _, pattern in ipairs(VALUES) do
    local _, value_stop = text:find(pattern, stop + 1)
    if value_stop then
      stop = value_stop
      break
    end
  end
  local option, rest = item.option(text:sub(1, stop), fail)
  if rest ~= "" then fail("'%s' is not understood", rest) end
  option.required, option.inline = not optional, true
  line.options[#line.options + 1] = option
  return option, text:sub(stop + 1)
end

-- One element at the front of text; returns the rest.
local function read_one(line, state, text, fail)
  local optional = state.depth > 0
  local options = optional and (text:lower():match "^options?%.*()%f[%s%]]"
    or text:match "^flags()%f[%s%]]")
  if options and text:find("^%s*%]", options) then
    state.last = nil
    return (text:sub(options):gsub("^(%s*%])%.%.%.", "%1"))
  end
  local name, rest = text:match "^<([^<>]*)>(.*)$"
  if not name then name, rest = text:match "^(%u[%u%d_.-]*)%f[%s%[%].\0](.*)$" end
  if name then
    name = name:gsub("%.+$", function(dots)
      rest = dots .. rest
      return ""
    end)
    state.last = add_operand(line, name, optional, fail)
    return rest
  end
  if text:find "^%-%-%f[%s%]\0]" then
    if not optional then fail("'--' stands in brackets: [--]") end
    line.early, state.last = true, nil
    return text:sub(3)
  elseif text:find "^%-" then
    state.last, rest = add_option(line, text, optional, fail)
    return rest
  end
  local word = text:match "^[^%s%[%]]+" or text
  if text:find "^|" then
    fail("'|' stands only between the choices of a value; give one usage line, and a section "
      .. "'commands:' where there are several")
  end
  fail("what is '%s'? An operand is written <%s>, commands have a section 'commands:'", word, word)
end

-- Anything that is not told apart by its place is refused.
local function check_order(line, fail)
  local repeated, optional
  for _, operand in ipairs(line.operands) do
    if repeated and operand.repeated then
      fail("%s and %s may both be repeated", repeated.name, operand.name)
    elseif repeated and (not operand.required or not repeated.required) then
      fail("%s stands behind %s, which takes all that comes", operand.name, repeated.name)
    elseif optional and operand.repeated and operand.required then
      fail("%s stands before %s: with two arguments nobody knows which is meant", optional.name,
        operand.name)
    end
    if operand.repeated then repeated = operand end
    if not operand.required then optional = operand end
  end
end

--- read(text, fail) -> {operands =, options =, early =}
function M.read(text, fail)
  local line = { operands = {}, options = {} }
  local state = { depth = 0, [0] = 0 } -- how many elements each bracket holds
  text = text:match "^%s*(.*)$"
  while text ~= "" do
    local first = text:sub(1, 1)
    if first == "[" then
      state.depth, state[state.depth + 1], text = state.depth + 1, 0, text:sub(2)
    elseif first == "]" then
      if state.depth == 0 then fail("a ']' without its '['") end
      if state[state.depth] > 1 then state.last = nil end -- no more than one can be repeated
      state.depth, text = state.depth - 1, text:sub(2)
    elseif text:find "^%.%.%." then
      repeat_last(state.last, fail)
      text = text:sub(4)
    else
      state[state.depth] = state[state.depth] + 1
      text = read_one(line, state, text, fail)
    end
    text = text:match "^%s*(.*)$"
  end
  if state.depth > 0 then fail("a '[' without its ']'") end
  check_order(line, fail)
  return line
end

return M
