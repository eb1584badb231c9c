-- rows.lua - the tables that scripts hold, as rows of cells: lists of lists, lists of records, one
-- record. local rows = rows_of.take("table", {{name = "a", size = 3}}, {columns = {"name"}})

local check_options = require "procrun.cli.options".check
local misuse = require "procrun.events.misuse"

local M = {}

--- null() -> JSON's null, if anybody can have one
function M.null()
  local json = package.loaded["procrun.json"]
  return json and json.null
end

local function width_of(row)
  local width = 0
  for key in pairs(row) do
    if math.type(key) == "integer" and key > width then width = key end
  end
  return width
end

local function is_list(value) return value[1] ~= nil or next(value) == nil end

local function sorted_keys(record)
  local keys = {}
  for key in pairs(record) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  return keys
end

local function is_pure_list(row) return row[1] ~= nil and #sorted_keys(row) == #row end

-- {host = "a", kernel = "b"} is a row for each.
local function pairs_of(record)
  local rows = { width = 2 }
  for i, key in ipairs(sorted_keys(record)) do rows[i] = { key, record[key] } end
  return rows
end

local COLUMN <const> = {
  key = "any", title = "string", align = "string", width = "number", format = "any",
}

-- "size", or {key = "size", title = "SIZE", align = "right", width = 10, format = "%.1f"}.
local function column_of(fname, index, column)
  if type(column) == "string" then return { key = column, title = column } end
  if type(column) ~= "table" or column.key == nil then
    misuse("%s: columns[%d]: a name, or a table with key expected", fname, index)
  end
  check_options(("%s: columns[%d]"):format(fname, index), column, COLUMN)
  local copy = { title = tostring(column.key) }
  for key, value in pairs(column) do copy[key] = value end
  return copy
end

local function cell_of(fname, record, column)
  local value, format = record[column.key], column.format
  if value == nil or format == nil then return value end
  if type(format) == "function" then return format(value, record) end
  local ok, text = pcall(string.format, format, value)
  if ok then return text end
  misuse("%s: columns: format %q does not fit %s = %s", fname, tostring(format),
    tostring(column.key), tostring(value))
end

local function from_records(fname, records, columns, header)
  local rows = { width = #columns, columns = {} }
  for i, column in ipairs(columns) do rows.columns[i] = column_of(fname, i, column) end
  if header == nil or header == true then
    local titles = {}
    for i, column in ipairs(rows.columns) do titles[i] = column.title end
    rows[1], rows.has_header = titles, true
  end
  local named = true
  for _, column in ipairs(rows.columns) do named = named and type(column.key) == "string" end
  for i, record in ipairs(records) do
    if type(record) == "table" then
      local row = {}
      if named and is_pure_list(record) then
        misuse("%s: row %d is a list, and has no field by the name of a column", fname, i)
      end
      for k, column in ipairs(rows.columns) do row[k] = cell_of(fname, record, column) end
      rows[#rows + 1] = row
    elseif record == "-" and fname == "table" then
      rows[#rows + 1] = record
    else
      misuse("%s: row %d: table expected, got %s", fname, i, type(record))
    end
  end
  return rows
end

-- The columns of records that nobody has named: those of all of them.
local function all_keys(records)
  local keys = {}
  for _, record in ipairs(records) do
    if type(record) == "table" and not is_pure_list(record) then
      for key in pairs(record) do keys[key] = true end
    end
  end
  return sorted_keys(keys)
end

local function from_lists(fname, lists)
  local rows = { width = 0 }
  for i, row in ipairs(lists) do
    if type(row) ~= "table" and not (row == "-" and fname == "table") then
      misuse("%s: row %d: table expected, got %s", fname, i, type(row))
    end
    rows[i] = row
    local width = type(row) == "table" and width_of(row) or 0
    if width == 0 and type(row) == "table" and next(row) ~= nil then
      misuse("%s: row %d is a record, and those before it are lists", fname, i)
    end
    rows.width = math.max(rows.width, width)
  end
  return rows
end

local function first_table(rows)
  for _, row in ipairs(rows) do
    if type(row) == "table" then return row end
  end
end

--- take(function, rows, {columns =, header =}) -> rows of cells; .width, .columns, .has_header
function M.take(fname, rows, options)
  if type(rows) ~= "table" then misuse("%s: table expected, got %s", fname, type(rows)) end
  local columns, header = options.columns, options.header
  if columns ~= nil and type(columns) ~= "table" then
    misuse("%s: columns: list expected, got %s", fname, type(columns))
  elseif header ~= nil and type(header) ~= "table" and type(header) ~= "boolean" then
    misuse("%s: header: list of titles, true or false expected, got %s", fname, type(header))
  end
  local taken
  local first = first_table(rows)
  if columns then
    taken = from_records(fname, rows, columns, header)
  elseif not is_list(rows) then
    taken = pairs_of(rows)
  elseif first and not is_list(first) and width_of(first) == 0 then
    taken = from_records(fname, rows, all_keys(rows), header)
  else
    taken = from_lists(fname, rows)
    taken.has_header = header == true
  end
  if type(header) == "table" then
    table.insert(taken, 1, header)
    taken.has_header = true
    taken.width = math.max(taken.width, width_of(header))
  end
  return taken
end

return M
