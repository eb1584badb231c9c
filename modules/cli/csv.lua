-- csv.lua - rows as CSV or TSV for other programs: io.write(cli.csv(rows, {columns = {"a", "b"}}))

local check_options = require "procrun.cli.options".check
local misuse = require "procrun.events.misuse"
local rows_of = require "procrun.cli.rows"

local M = {}

-- As many digits as it takes to read the same number again.
local function number(value)
  if math.type(value) == "integer" then return ("%d"):format(value) end
  for digits = 15, 16 do
    local text = ("%." .. digits .. "g"):format(value)
    if tonumber(text) == value then return text end
  end
  return ("%.17g"):format(value)
end

-- What is nothing is an empty field; false is a value.
local function plain(value)
  if value == nil or value == rows_of.null() then return "" end
  return math.type(value) and number(value) or tostring(value)
end

local function join(rows, separator, field, newline)
  local lines = {}
  for i, row in ipairs(rows) do
    local fields = {}
    for k = 1, rows.width do fields[k] = field(row[k]) end
    lines[i] = table.concat(fields, separator) .. newline
  end
  return table.concat(lines)
end

--- csv(rows, [options]) -> text
function M.csv(rows, options)
  options = check_options("csv", options,
    { columns = "table", header = "any", separator = "any", newline = "any" })
  local separator, newline = options.separator or ",", options.newline or "\n"
  if type(separator) ~= "string" or #separator ~= 1 or separator:find '["\r\n]' then
    misuse "csv: separator: one character expected, which is no quote and ends no line"
  elseif newline ~= "\n" and newline ~= "\r\n" then
    misuse [[csv: newline: "\n" or "\r\n" expected]]
  end
  local list = rows_of.take("csv", rows, options)
  -- a lone empty field would be a line that many readers skip
  local function field(value)
    local text = plain(value)
    if text:find('[\r\n"]') or text:find(separator, 1, true) or text:find "^%s" or text:find "%s$"
      or text == "" and list.width == 1 then
      return '"' .. text:gsub('"', '""') .. '"'
    end
    return text
  end
  return join(list, separator, field, newline)
end

local ESCAPES <const> = { ["\t"] = "\\t", ["\n"] = "\\n", ["\r"] = "\\r", ["\\"] = "\\\\" }

--- tsv(rows, [options]) -> text
function M.tsv(rows, options)
  options = check_options("tsv", options, { columns = "table", header = "any" })
  local list = rows_of.take("tsv", rows, options)
  return join(list, "\t", function(value)
    return (plain(value):gsub("[\t\n\r\\]", ESCAPES))
  end, "\n")
end

return M
