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
  return case.failed[name]:match("^loses %d.*") or "failed"
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

local function line_of(row, case, measure, columns)
  local line, own = { measure.title, measure.unit }, measure.values.procrun
  for _, name in ipairs(columns) do line[#line + 1] = cell(case, measure, name) end
  local last = { own and own.of_c and ("%.2f"):format(own.of_c) or "-", goal_cell(measure),
    reached_cell(case, measure), tostring(row.rounds) }
  return table.move(last, 1, #last, #line + 1, line)
end

-- The table of the rows without sizes: a line for each measure, a column for each subject.
local function main_table(report, columns)
  local lines, head, last = {}, { "work", "unit" }, { "procrun/C", "goal", "", "rounds" }
  for _, name in ipairs(columns) do head[#head + 1] = HEADS[name] or name end
  table.move(last, 1, #last, #head + 1, head)
  for _, row in ipairs(report.rows) do
    local case = row.cases[1]
    for _, measure in ipairs(not case.size and case.measures or {}) do
      lines[#lines + 1] = line_of(row, case, measure, columns)
    end
  end
  return #lines > 0 and format.table(head, lines) or ""
end

-- The subjects of a row, in the order of the columns, and then the others.
local function subjects_of(row)
  local seen, list = {}, {}
  for _, case in ipairs(row.cases) do
    for name in pairs(case.failed) do seen[name] = true end
    for name in pairs(case.measures[1].values) do seen[name] = true end
  end
  for _, name in ipairs(tools.names) do
    if seen[name] then list[#list + 1] = name end
    seen[name] = nil
  end
  return table.move(keys(seen), 1, #keys(seen), #list + 1, list)
end

-- The table of a row with sizes: a line for each size, a column for each measure and subject.
local function growth_table(row)
  local subjects, head, lines = subjects_of(row), { row.title }, {}
  for _, measure in ipairs(row.cases[1].measures) do
    for _, name in ipairs(subjects) do
      local what = measure.title == row.title and "" or measure.title .. ", "
      local whose = #subjects > 1 and ": " .. (HEADS[name] or name) or ""
      head[#head + 1] = what .. measure.unit .. whose
    end
  end
  for i, case in ipairs(row.cases) do
    local line = { format.size(case.size, row.size_unit) }
    for _, measure in ipairs(case.measures) do
      for _, name in ipairs(subjects) do line[#line + 1] = cell(case, measure, name) end
    end
    lines[i] = line
  end
  return ("\n%s, %d rounds:\n\n%s"):format(row.name, row.rounds, format.table(head, lines))
end

-- What the tables leave out: subjects that are no column, goals of sizes, why something failed.
local function notes(report)
  local list = {}
  local function add(what, text, ...) list[#list + 1] = what .. ", " .. text:format(...) end
  for _, row in ipairs(report.rows) do
    for _, case in ipairs(row.cases) do
      local size = case.size and " " .. format.size(case.size, row.size_unit) or ""
      for _, measure in ipairs(case.measures) do
        local what = measure.title .. size
        for _, name in ipairs(case.size and {} or keys(measure.values)) do
          local value = measure.values[name].median
          if not is_column[name] then
            add(what, "%s: %s %s", name, format.number(value), measure.unit)
          end
        end
        if case.size and measure.reached ~= nil then
          add(what, "%s: %s", goal_cell(measure), reached_cell(case, measure))
        end
      end
      for _, name in ipairs(keys(case.failed)) do
        add(row.title .. size, "%s: %s", name, case.failed[name])
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
    if row.cases[1].size then parts[#parts + 1] = growth_table(row) end
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
