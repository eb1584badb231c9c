#!/usr/bin/env procrun
-- report.lua - one report of this host out of several commands, which run at the same time.

local cli, fs, json, sh = require "cli", require "fs", require "json", require "sh"

local opt = cli.args [[
usage: report.lua [options]

Disks, processes and names of this host, as JSON.

      --csv        the disks as CSV instead
      --top N      how many processes (1.., default 3)
  -o, --out FILE   write there instead of to standard output]]

local function disks()
  local list = {}
  for line in sh.lines "df -P -k" do
    local device, size, used, percent, mount =
      line:match "^(.-)%s+(%d+)%s+(%d+)%s+%d+%s+(%d+)%%%s+(.+)$"
    if device then
      list[#list + 1] = { device = device, mount = mount, size_kb = math.tointeger(size),
        used_kb = math.tointeger(used), percent = math.tointeger(percent) }
    end
  end
  return json.array(list)
end

local function biggest()
  local list = {}
  for line in sh.lines "ps -eo pid=,rss=,comm= --sort=-rss" do
    local pid, rss, name = line:match "^%s*(%d+)%s+(%d+)%s+(.+)$"
    list[#list + 1] = { pid = math.tointeger(pid), rss_kb = math.tointeger(rss), name = name }
    if #list >= opt.top then break end -- leaving the loop ends ps
  end
  return json.array(list)
end

local report = sh.all { -- one failing command fails the report
  host = function() return sh.text "uname -n" end,
  kernel = function() return sh.text "uname -sr" end,
  disks = disks,
  processes = biggest,
}
local columns = { "device", "mount", "size_kb", "used_kb", "percent" }
local body = opt.csv and cli.csv(report.disks, { columns = columns })
  or json.encode(report, { indent = 2 }) .. "\n"
if not opt.out then
  io.write(body)
elseif not fs.write(opt.out, body) then
  sh.fail("cannot write " .. opt.out, 1)
end
