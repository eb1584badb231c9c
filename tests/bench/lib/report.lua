-- report.lua - the results as tables for people: one of all rows, one for each row with sizes, and
-- below them what does not fit into a cell.

local format = require "tests.bench.lib.format"
local tools = require "tests.bench.lib.tools"

local M = {}

local HEADS = { c = "C" }
local is_column = {}
for _, name in ipairs(tools.names) do is_column[name] = true end

local function keys(t)
  local list = {}
  for key in pairs(t) do list[#list + 1] = key end
  table.sort(list)
  return list
end

-- The columns that are here at all, in their order.
local function columns_of(report)
  local seen, list = {}, {}
  for _, row in ipairs(report.rows) do
    for _, case in ipairs(row.cases) do
      for name in pairs(case.failed) do seen[name] = true end
      for _, measure in ipairs(case.measures) do
        for name in pairs(measure.values) do seen[name] = true end
      end
    end
  end
  for _, name in ipairs(report.missing) do seen[name] = true end
  for _, name in ipairs(tools.names) do
    if seen[name] then list[#list + 1] = name end
  end
  return list
end

local function cell(case, measure, name)
  if measure.values[name] then return format.number(measure.values[name].median) end
  if not case.failed[name] then return "-" end
  return case.failed[name]:match("^loses some.*") or "failed"
end

local function goal_cell(measure)
  local parts = {}
  for _, goal in ipairs(measure.goal) do
    local mark = ""
    if #measure.goal > 1 and goal.reached ~= nil then mark = goal.reached and " ✓" or " ✗" end
    parts[#parts + 1] = goal.text .. mark
  end
  return #parts > 0 and table.concat(parts, ", ") or "-"
end

local function reached_cell(case, measure)
  if case.failed.procrun then return "failed" end
  if measure.reached == nil then return "-" end
  return measure.reached and "reached" or "not reached"
end

local function line_of(first, columns, case, measure, last)
  local line = { first, measure.unit }
  for _, name in ipairs(columns) do line[#line + 1] = cell(case, measure, name) end
  local own = measure.values.procrun
  line[#line + 1] = own and own.of_c and ("%.2f"):format(own.of_c) or "-"
  return table.move(last, 1, #last, #line + 1, line)
end

local function head_of(first, columns, last)
  local line = { first, "unit" }
  for _, name in ipairs(columns) do line[#line + 1] = HEADS[name] or name end
  line[#line + 1] = "procrun/C"
  return table.move(last, 1, #last, #line + 1, line)
end

local function main_table(report, columns)
  local lines = {}
  for _, row in ipairs(report.rows) do
    local case = row.cases[1]
    for _, measure in ipairs(not case.size and case.measures or {}) do
      lines[#lines + 1] = line_of(measure.title, columns, case, measure,
        { goal_cell(measure), reached_cell(case, measure), tostring(row.rounds) })
    end
  end
  if #lines == 0 then return "" end
  return format.table(head_of("work", columns, { "goal", "", "rounds" }), lines)
end

-- One table for each measure of a row with sizes: what it costs, size by size.
local function growth_tables(row, columns)
  local parts = {}
  for i, first in ipairs(row.cases[1].measures) do
    local lines = {}
    for _, case in ipairs(row.cases) do
      lines[#lines + 1] = line_of(format.size(case.size, row.size_unit), columns, case,
        case.measures[i], { goal_cell(case.measures[i]), reached_cell(case, case.measures[i]) })
    end
    parts[#parts + 1] = ("\n%s (%s, %d rounds)\n\n%s"):format(first.title, row.name, row.rounds,
      format.table(head_of("size", columns, { "goal", "" }), lines))
  end
  return table.concat(parts)
end

-- Subjects that are no column, and why something failed.
local function notes(report)
  local list = {}
  for _, row in ipairs(report.rows) do
    for _, case in ipairs(row.cases) do
      local size = case.size and " " .. format.size(case.size, row.size_unit) or ""
      for _, measure in ipairs(case.measures) do
        for _, name in ipairs(keys(measure.values)) do
          if not is_column[name] then
            list[#list + 1] = ("%s%s, %s: %s %s"):format(measure.title, size, name,
              format.number(measure.values[name].median), measure.unit)
          end
        end
      end
      for _, name in ipairs(keys(case.failed)) do
        list[#list + 1] = ("%s%s, %s: %s"):format(row.title, size, name, case.failed[name])
      end
    end
  end
  return list
end

--- text(report) -> the tables and what stands below them
function M.text(report)
  local columns = columns_of(report)
  local parts = { main_table(report, columns) }
  for _, row in ipairs(report.rows) do
    if row.cases[1].size then parts[#parts + 1] = growth_tables(row, columns) end
  end
  parts[#parts + 1] = "\nMedians; "
  local versions = {}
  for _, name in ipairs(keys(report.versions)) do
    versions[#versions + 1] = name .. " " .. report.versions[name]
  end
  parts[#parts + 1] = table.concat(versions, ", ")
  if #report.missing > 0 then
    parts[#parts + 1] = "; not here: " .. table.concat(report.missing, ", ")
  end
  parts[#parts + 1] = (".\n%s, %s, %.0f s.\n"):format(report.date, report.machine, report.seconds)
  if report.others and report.others > 0.05 then
    parts[#parts + 1] = ("The machine was busy: others used %.0f %% of its processors' time.\n")
      :format(report.others * 100)
  end
  for _, note in ipairs(notes(report)) do parts[#parts + 1] = "- " .. note .. "\n" end
  return table.concat(parts)
end

return M
