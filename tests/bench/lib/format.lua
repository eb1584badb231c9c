-- format.lua - numbers, sizes and tables as people read them.

local M = {}

--- number(value) -> text with three digits that matter: 0.53, 12.4, 21,000
function M.number(value)
  if value == 0 then return "0" end
  if value == math.floor(value) and math.abs(value) < 1000 then return ("%d"):format(value) end
  local magnitude = math.floor(math.log(math.abs(value), 10) + 1e-9)
  if magnitude < 2 then return (("%%.%df"):format(math.min(2 - magnitude, 4)):format(value)) end
  local step = 10.0 ^ (magnitude - 2)
  local text = ("%.0f"):format(math.floor(value / step + 0.5) * step)
  local count
  repeat text, count = text:gsub("^(-?%d+)(%d%d%d)", "%1,%2") until count == 0
  return text
end

local UNITS = { "B", "kB", "MB", "GB" }

--- size(n, [unit]) -> text: 64 MB for bytes, else the whole number
function M.size(n, unit)
  if unit == "bytes" then
    local i = 1
    while n >= 1000 and i < #UNITS do n, i = n / 1000, i + 1 end
    return ("%.4g %s"):format(n, UNITS[i])
  end
  local text = ("%.0f"):format(n)
  local count
  repeat text, count = text:gsub("^(%d+)(%d%d%d)", "%1,%2") until count == 0
  return unit and text .. " " .. unit or text
end

local function pad(text, width)
  return text .. (" "):rep(width - utf8.len(text))
end

--- table(head, lines) -> text of a table, which is Markdown too; every line has #head cells
function M.table(head, lines)
  local widths, out = {}, {}
  for i, cell in ipairs(head) do widths[i] = utf8.len(cell) end
  for _, line in ipairs(lines) do
    for i, cell in ipairs(line) do widths[i] = math.max(widths[i], utf8.len(cell)) end
  end
  local function add(line)
    local cells = {}
    for i, cell in ipairs(line) do cells[i] = pad(cell, widths[i]) end
    out[#out + 1] = "| " .. table.concat(cells, " | ") .. " |"
  end
  add(head)
  local rule = {}
  for i, width in ipairs(widths) do rule[i] = ("-"):rep(width) end
  add(rule)
  for _, line in ipairs(lines) do add(line) end
  return table.concat(out, "\n") .. "\n"
end

return M
