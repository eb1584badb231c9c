-- table.lua - rows in columns: cli.table({{"NAME", "SIZE"}, {"a", 3}}). Widths are those on the
-- terminal, colours in cells take none.

local check_options = require "procrun.cli.options".check
local colour = require "procrun.cli.colour"
local misuse = require "procrun.events.misuse"
local rows_of = require "procrun.cli.rows"
local tty = require "procrun.core.tty"
local visible = require "procrun.cli.visible"

local M = {}

local OPTIONS <const> = {
  columns = "table", header = "any", align = "table", separator = "string", width = "number",
  overflow = "string", file = "any",
}
local NARROWEST <const> = 4 -- what a column is cut to at least
local ALIGN <const> = { left = true, right = true, centre = true }

-- Cells ---------------------------------------------------------------------------------------

local function width_of(line)
  return line:find "[^\32-\126]" and tty.width(line) or #line
end

-- The lines of a cell.
local function lines_of(value)
  if value == nil or value == false or value == rows_of.null() then return { "" } end
  local lines, text = {}, tostring(value)
  if not text:find "[^\32-\126]" then return { text } end
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do
    lines[#lines + 1] = visible(line:gsub("\t", "    "), true)
  end
  if #lines > 1 and lines[#lines] == "" then lines[#lines] = nil end
  return lines
end

local function looks_like_number(lines)
  local line = lines[1]
  if line:find("\27", 1, true) then line = tty.strip(line) end
  return #lines == 1 and tonumber(line) ~= nil
end

-- Broken at words; one that is longer than the line is broken anywhere. Coloured text is not.
local function wrap(line, width)
  local lines, at = {}, 1
  while not line:find("\27", at, true) do
    local head = tty.cut(line:sub(at, at + 4 * width + 16), width) -- UTF-8: four bytes at most
    local after = at + #head
    if head == "" or after > #line then break end
    local blank = line:find("^%s", after) and #head + 1 or head:match "^.*()%s"
    if blank and blank > 1 then
      head, after = head:sub(1, blank - 1):match "^(.-)%s*$", at + blank
    end
    lines[#lines + 1], at = head, after
  end
  lines[#lines + 1] = line:sub(at)
  return lines
end

-- The mark stands before what ends the colours.
local function shorten(line, width)
  if width_of(line) <= width then return line end
  local text, styles = tty.cut(line, width - 1), ""
  while true do
    local body, style = text:match "^(.*)(\27%[[%d;]*m)$"
    if not body then return text .. "…" .. styles end
    text, styles = body, style .. styles
  end
end

-- Columns -------------------------------------------------------------------------------------

local function measure(cells, width)
  local widths = {}
  for k = 1, width do widths[k] = 0 end
  for _, row in ipairs(cells) do
    for k, lines in ipairs(row) do
      for _, line in ipairs(lines) do widths[k] = math.max(widths[k], width_of(line)) end
    end
  end
  return widths
end

local function sum(list)
  local total = 0
  for _, n in ipairs(list) do total = total + n end
  return total
end

local function sum_cut(widths, most)
  local total = 0
  for _, width in ipairs(widths) do total = total + math.min(width, most) end
  return total
end

-- The widest columns give first: none is wider than what makes all of them fit.
local function squeeze(widths, room)
  local low, high = NARROWEST, math.max(table.unpack(widths))
  if sum(widths) <= room then return end
  while low < high do
    local middle = (low + high + 1) // 2
    if sum_cut(widths, middle) <= room then low = middle else high = middle - 1 end
  end
  local left = room - sum_cut(widths, low)
  for k = #widths, 1, -1 do
    if widths[k] > low then
      widths[k], left = left > 0 and low + 1 or low, left - 1
    end
  end
end

-- To the right: columns of nothing but numbers, the header not counted; the first row is one where
-- it is no number itself.
local function aligned(cells, k)
  local numbers = 0
  for i, row in ipairs(cells) do
    local lines = row[k]
    if lines and looks_like_number(lines) then
      numbers = numbers + 1
    elseif lines and i > 1 and lines[1] ~= "" then
      return "left"
    end
  end
  return numbers > 0 and "right" or "left"
end

local function check_align(value)
  if value == nil or ALIGN[value] then return value end
  misuse("table: align: 'left', 'right' or 'centre' expected, got '%s'", tostring(value))
end

local function pad(line, width, align, is_last)
  local missing = width - width_of(line)
  if missing <= 0 then return line end
  if align == "right" then return (" "):rep(missing) .. line end
  local before = align == "centre" and missing // 2 or 0
  return (" "):rep(before) .. line .. (is_last and "" or (" "):rep(missing - before))
end

-- The table -----------------------------------------------------------------------------------

local function cells_of(rows)
  local cells = {}
  for i, row in ipairs(rows) do
    cells[i] = { rule = row == "-" }
    for k = 1, rows.width do
      if type(row) == "table" then cells[i][k] = lines_of(row[k]) end
    end
  end
  return cells
end

-- Bold by colour.lua's rule of the target.
local function make_titles(cells, palette)
  for _, lines in ipairs(cells[1] or {}) do
    for i, line in ipairs(lines) do lines[i] = palette.bold(line) end
  end
end

local function fit(cells, widths, overflow)
  for _, row in ipairs(cells) do
    for k, lines in ipairs(row) do
      local fitting = {}
      for _, line in ipairs(lines) do
        if overflow == "wrap" then
          for _, part in ipairs(wrap(line, widths[k])) do fitting[#fitting + 1] = part end
        else
          fitting[#fitting + 1] = line
        end
      end
      for i, line in ipairs(fitting) do fitting[i] = shorten(line, widths[k]) end
      row[k] = fitting
    end
  end
end

local function layout(cells, widths, aligns, separator)
  local out, last = {}, #widths
  local whole = sum(widths) + (last - 1) * tty.width(separator)
  for _, row in ipairs(cells) do
    local height = row.rule and 0 or 1
    for _, lines in ipairs(row) do height = math.max(height, #lines) end
    if row.rule then out[#out + 1] = ("-"):rep(whole) end
    for i = 1, height do
      local parts = {}
      for k = 1, last do parts[k] = pad(row[k][i] or "", widths[k], aligns[k], k == last) end
      out[#out + 1] = (table.concat(parts, separator):gsub(" +$", ""))
    end
  end
  return out
end

local function check(fname, options)
  options = check_options(fname, options, OPTIONS)
  if options.overflow and options.overflow ~= "cut" and options.overflow ~= "wrap" then
    misuse("%s: overflow: 'cut' or 'wrap' expected, got '%s'", fname, options.overflow)
  end
  return options
end

local function format(rows, options, palette, room)
  local taken = rows_of.take("table", rows, options)
  if taken.width == 0 then return {} end
  local cells = cells_of(taken)
  local aligns, columns = {}, taken.columns or {}
  for k = 1, taken.width do
    aligns[k] = check_align(options.align and options.align[k] or columns[k] and columns[k].align)
      or aligned(cells, k)
  end
  if taken.has_header then make_titles(cells, palette) end
  local widths = measure(cells, taken.width)
  for k, column in ipairs(columns) do
    if column.width then widths[k] = math.min(widths[k], column.width) end
  end
  local separator = options.separator or "  "
  if room then squeeze(widths, room - (taken.width - 1) * tty.width(separator)) end
  fit(cells, widths, options.overflow)
  return layout(cells, widths, aligns, separator)
end

--- format_table(rows, [options]) -> text, without a newline at its end
function M.format_table(rows, options)
  options = check("format_table", options)
  local palette = colour.colour(options.file or 1)
  return table.concat(format(rows, options, palette, options.width), "\n")
end

--- table(rows, [options]): printed; on a terminal no wider than that
function M.table(rows, options)
  options = check("table", options)
  local file = options.file or io.stdout
  local room = options.width or (require "procrun.tty".size(file))
  local lines = format(rows, options, colour.colour(file), room)
  if #lines > 0 then file:write(table.concat(lines, "\n"), "\n") end
end

return M
