#!/usr/bin/env procrun
-- logs.lua - what happened in the logs of a web server. Each file is read by a worker of a pool,
-- which is logs_worker.lua, beside this; a worker that dies is replaced and its file read again.

local cli, fs, json, pool, sh =
  require "cli", require "fs", require "json", require "pool", require "sh"

local opt = cli.args [[
usage: logs.lua [options] <file>...

Counts requests, statuses, clients and slow or broken addresses in logs of the common or
combined format, also compressed ones (.gz, .zst, .xz).

  -j, --jobs N    files at the same time (1.., default 4)
  -n, --top N     how many of each kind are shown (1.., default 10)
      --json      machine-readable, all of it
  <file>...       the logs]]

for _, file in ipairs(opt.file) do
  if not fs.access(file, "r") or fs.is_dir(file) then sh.fail("cannot read " .. file, 2) end
end

local total = { requests = 0, bytes = 0, unread = 0 }
local counts = { status = {}, url = {}, client = {}, failed = {} }

local workers <close> = assert(pool.new(process.script_dir .. "/logs_worker.lua",
  { size = opt.jobs, retries = 2 }))
for _, found in ipairs(workers:map(opt.file)) do
  for name in pairs(total) do total[name] = total[name] + found[name] end
  for name, count in pairs(counts) do
    for key, n in pairs(found[name]) do count[key] = (count[key] or 0) + n end
  end
end

-- The most frequent keys, as rows of a table.
local function top(count)
  local rows = {}
  for key, n in pairs(count) do rows[#rows + 1] = { n, key } end
  table.sort(rows, function(a, b)
    if a[1] ~= b[1] then return a[1] > b[1] end
    return a[2] < b[2]
  end)
  return table.move(rows, 1, opt.top, 1, {})
end

if opt.json then
  for name, count in pairs(counts) do total[name] = json.object(count) end
  print(json.encode(total, { indent = 2 }))
  return
end
print(("%d requests, %d bytes, %d lines that are no requests"):format(total.requests, total.bytes,
  total.unread))
for _, kind in ipairs { "status", "url", "client", "failed" } do
  print("\n" .. cli.bold(kind))
  cli.table(top(counts[kind]))
end
if total.requests == 0 then sh.fail("no requests at all", 1) end
