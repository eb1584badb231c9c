#!/usr/bin/env procrun
-- ports.lua - is everything there? Connects to each port of each host, many at a time.

local cli, json, net, sh, timer =
  require "cli", require "json", require "net", require "sh", require "timer"

local opt = cli.args [[
usage: ports.lua [options] <target>...

Connects to ports and says which of them answer; exits with 1 if one does not.

  -t, --timeout TIME   for each connection (default 2s)
  -j, --jobs N         connections at the same time (1.., default 64)
      --json           machine-readable
  <target>...          host:port, host:80,443 or host:8000-8010; [::1]:80 for IPv6]]

local checks = {}

local function add(target)
  local host, ports = target:match "^%[(.+)%]:([%d,-]+)$"
  if not host then host, ports = target:match "^([^:]+):([%d,-]+)$" end
  if not host or not ports:find "%d" then
    sh.fail(("'%s' is no target such as host:80"):format(target), 2)
  end
  for part in ports:gmatch "[^,]+" do
    local first, last = part:match "^(%d+)%-?(%d*)$"
    if not first then sh.fail(("'%s' in '%s' are no ports"):format(part, target), 2) end
    first, last = tonumber(first), tonumber(last) or tonumber(first)
    if first < 1 or last < first or last > 65535 then sh.fail("no ports: " .. part, 2) end
    for port = first, last do checks[#checks + 1] = { host = host, port = port } end
  end
end

local function check(c)
  local started = timer.now()
  local socket, message = net.connect { host = c.host, port = c.port, timeout = opt.timeout }
  if socket then socket:close() end
  c.open, c.error = socket ~= nil, not socket and message or nil
  c.ms = (timer.now() - started) * 1000
end

for _, target in ipairs(opt.target) do add(target) end
sh.map(checks, opt.jobs, check)

local closed, rows = 0, { { "HOST", "PORT", "STATE", "MS", "" } }
for _, c in ipairs(checks) do
  if not c.open then closed = closed + 1 end
  local state = c.open and cli.green "open" or cli.red "closed"
  rows[#rows + 1] = { c.host, c.port, state, ("%.1f"):format(c.ms), c.error or "" }
end
if opt.json then print(json.encode(checks, { indent = 2 })) else cli.table(rows) end
if closed > 0 then sh.fail(("%d of %d ports do not answer"):format(closed, #checks), 1) end
