-- manual.lua - the tables of our pages, for tests that walk them:
-- for _, row in ipairs(manual.rows("modules/proc/proc.md", "Coming from Node")) do … end

local M = {}

-- The cells of a row; a bar inside of one is written \|.
local function cells_of(line)
  local cells = {}
  for cell in line:gsub("\\|", "\0"):gmatch("|([^|]*)") do
    cells[#cells + 1] = cell:gsub("\0", "|"):match("^%s*(.-)%s*$")
  end
  cells[#cells] = nil -- behind the last bar
  return cells
end

--- rows(page, heading) -> the rows of all tables of the section "## heading", without their heads:
--- lists of cells, with `line`, the row's number
function M.rows(page, heading)
  local rows, level, number = {}, nil, 0
  for line in io.lines(page) do
    number = number + 1
    local marks, title = line:match("^(#+)%s+(.-)%s*$")
    if marks and title == heading then
      level = #marks
    elseif marks and level and #marks <= level then
      break
    elseif level and line:find("^|[%s%-:|]+|$") then
      rows[#rows] = nil -- what stands above is the head
    elseif level and line:find("^|") then
      local cells = cells_of(line)
      cells.line = number
      rows[#rows + 1] = cells
    end
  end
  assert(#rows > 0, ("%s has no table under '%s'"):format(page, heading))
  return rows
end

--- codes(cell) -> list of what stands in backticks
function M.codes(cell)
  local codes = {}
  for code in cell:gmatch("`([^`]+)`") do codes[#codes + 1] = code end
  return codes
end

--- value(code, roots) -> the value of "root.name:name…" at the head of the code, and its path; nil
--- where it starts with no root. roots: name -> value. Raises where a name of the path is missing.
function M.value(code, roots)
  local root, rest = code:match("^([%a_][%w_]*)(.*)$")
  local value = root and roots[root]
  if value == nil then return nil end
  local path = root
  while true do
    local name, tail = rest:match("^[.:]([%a_][%w_]*)(.*)$")
    if not name then return value, path end
    path, rest = path .. "." .. name, tail
    value = value[name]
    if value == nil then error(("`%s`: there is no %s"):format(code, path), 2) end
  end
end

return M
