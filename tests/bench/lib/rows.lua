-- rows.lua - finds the rows: one file each in tests/bench/rows (or $BENCH_ROWS). README.md says
-- what such a file returns.

local fs = require "procrun.fs"

local M = {}

-- The order of the table; rows that are not named here follow by their names.
local ORDER = { "start", "fork", "pingpong", "flood", "loss", "loss_exit", "echo_object",
  "echo_string", "true8", "true8_heap", "true8_fds", "exec", "read", "memory", "workers" }

local FIELDS = { name = "string", title = "string", unit = "string", better = "string",
  goal = "table", measures = "table", seconds = "number", timeout = "number", sizes = "table",
  size_unit = "string", subjects = "function" }
local MEASURE = { key = "string", title = "string", unit = "string", better = "string",
  goal = "table" }

local function check(file, value, types)
  for key, field in pairs(value) do
    if type(field) ~= types[key] then
      error(("%s: '%s' is %s, not a %s"):format(file, key, type(field), types[key] or "field"), 0)
    end
  end
end

local SECONDS = 11

-- A row without a list of measures has one, which is called `value` in what its subjects print.
local function complete(file, name, row)
  check(file, row, FIELDS)
  if row.name ~= name then error(("%s: its name is '%s'"):format(file, row.name), 0) end
  row.seconds = row.seconds or SECONDS
  row.measures = row.measures or { { key = "value" } }
  for _, measure in ipairs(row.measures) do
    check(file, measure, MEASURE)
    for _, field in ipairs { "title", "unit", "better", "goal" } do
      measure[field] = measure[field] or row[field]
    end
    if measure.better ~= "less" and measure.better ~= "more" then
      error(("%s: 'better' is 'less' or 'more'"):format(file), 0)
    end
  end
  return row
end

local function place(name)
  for i, known in ipairs(ORDER) do
    if known == name then return i end
  end
  return #ORDER + 1
end

--- names() -> the names of all rows in the order of the table
function M.names()
  local names = {}
  M.dir = os.getenv("BENCH_ROWS") or "tests/bench/rows"
  for _, file in ipairs(assert(fs.readdir(M.dir))) do
    names[#names + 1] = file:match("^([%w_]+)%.lua$")
  end
  table.sort(names, function(a, b)
    if place(a) ~= place(b) then return place(a) < place(b) end
    return a < b
  end)
  return names
end

-- The row of that name, or else all whose names begin so.
local function named(names, text)
  local list = {}
  for _, name in ipairs(names) do
    if name == text then return { name } end
    if name:sub(1, #text) == text then list[#list + 1] = name end
  end
  return list
end

--- select(only) -> list of rows | nil, message; `only` lists names or their beginnings
function M.select(only)
  local names, wanted, rows = M.names(), {}, {}
  for _, text in ipairs(only) do
    local list = named(names, text)
    if #list == 0 then return nil, ("there is no row '%s'; --list names them"):format(text) end
    for _, name in ipairs(list) do wanted[name] = true end
  end
  for _, name in ipairs(names) do
    local file = ("%s/%s.lua"):format(M.dir, name)
    if #only == 0 or wanted[name] then rows[#rows + 1] = complete(file, name, dofile(file)) end
  end
  return rows
end

return M
