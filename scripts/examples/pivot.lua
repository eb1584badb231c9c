#!/usr/bin/env procrun
-- pivot.lua - groups the rows of CSV files by one column and adds up another.

local cli, fs, json, sh = require "cli", require "fs", require "json", require "sh"

local opt = cli.args [[
usage: pivot.lua [options] <column> <file>...

Groups the rows of CSV files, whose first lines name the columns.

  -s, --sum NAME        the column that is added up, beside counting rows
  -o, --output FORMAT   how it is shown (table|csv|json, default table)
  <column>              the name of the column that makes a group
  <file>...             the CSV files]]

-- The rows of CSV, each a list. Fields in quotes may hold commas, newlines, and quotes as "".
local function parse(text)
  local rows, row, at = {}, {}, 1
  if text:sub(-1) ~= "\n" then text = text .. "\n" end
  while at <= #text do
    local quoted
    while text:sub(at, at) == '"' do -- "a""b" is two such pieces
      local piece = text:match('^%b""', at) or sh.fail("a quote is never closed", 1)
      quoted = (quoted and quoted .. '"' or "") .. piece:sub(2, -2)
      at = at + #piece
    end
    local plain, ending, after = text:match("^([^,\r\n]*)\r?([,\n]?)()", at)
    row[#row + 1], at = (quoted or "") .. plain, after
    if ending ~= "," then rows[#rows + 1], row = row, {} end
  end
  return rows
end

local groups, keys = {}, {}
for _, file in ipairs(opt.file) do
  local rows, index = parse(fs.read(file) or sh.fail("cannot read " .. file, 1)), {}
  for i, name in ipairs(rows[1] or {}) do index[name] = i end
  local by = index[opt.column] or sh.fail(("%s has no column '%s'"):format(file, opt.column), 1)
  local sum = opt.sum and (index[opt.sum] or sh.fail(("%s has no '%s'"):format(file, opt.sum), 1))
  for i = 2, #rows do
    local key = rows[i][by] or ""
    if not groups[key] then
      groups[key] = { key, 0, 0 }
      keys[#keys + 1] = key
    end
    local group = groups[key]
    group[2], group[3] = group[2] + 1, group[3] + (sum and tonumber(rows[i][sum]) or 0)
  end
end
table.sort(keys)

local out = { { opt.column, "rows", opt.sum } }
for _, key in ipairs(keys) do out[#out + 1] = table.move(groups[key], 1, #out[1], 1, {}) end
if opt.output == "json" then
  print(json.encode(out))
elseif opt.output == "csv" then
  io.write(cli.csv(out))
else
  cli.table(out)
end
