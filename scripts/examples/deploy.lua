#!/usr/bin/env procrun
-- deploy.lua - a folder becomes the new release on every host; if one is not well, all go back.

local cli, fs, sh = require "cli", require "fs", require "sh"

local opt = cli.args [[
usage: deploy.lua [options] <folder> <host>...

Copies <folder> to DIR/releases on every host and points DIR/current to it.

  -n, --name NAME        of the release; the time without it
  -d, --dir DIR          where the application lives there (default /srv/app)
  -r, --restart COMMAND  shell command there to run after each switch (default true)
  -c, --check COMMAND    shell command there that says whether it is well (default true)
  -k, --keep N           releases that stay there (1.., default 5)
  <folder>               what is deployed
  <host>...              as for ssh]]

if not fs.is_dir(opt.folder) then sh.fail(opt.folder .. " is no folder", 2) end
local release, before = opt.name or os.date "!%Y%m%d-%H%M%S", {} -- before: host -> old current
if not release:find "^[^/.][^/]*$" then sh.fail(release .. " is no name of a folder", 2) end
local current, releases = opt.dir .. "/current", opt.dir .. "/releases"

local function on_each(fn)
  return sh.map(opt.host, 8, function(h) return fn(sh.remote(h, { label = h }), h) end)
end

local function switch(on, target)
  if target == "" then on("rm -f --", current) else on("ln -sfn --", target, current) end
  on("sh -c", opt.restart)
end

on_each(function(on) -- nothing is switched before every host has everything
  on("mkdir -p --", releases)
  on("mkdir --", releases .. "/" .. release) -- one that is there already may be live
  local unpack = on.cmd("tar -xzf - -C", releases .. "/" .. release)
  sh.run(sh.cmd("tar -C $1 -czf - .", opt.folder) | unpack)
end)

do
  local _ <close> = sh.undo(function(why)
    cli.log.error("rolling back: %s", type(why) == "table" and why.message or why)
    on_each(function(on, host) -- each by itself: one that is down must not keep the others
      local old = before[host]
      if old and not pcall(switch, on, old) then cli.log.error("%s is NOT back", host) end
    end)
  end)
  on_each(function(on, host)
    before[host] = on.with { ok = { 0, 1 } }.text("readlink --", current) -- "": there is none
    switch(on, "releases/" .. release)
  end)
  on_each(function(on) return sh.retry(3, on.run, "sh -c", opt.check) end)
  if sh.dry() then return end
end

on_each(function(on)
  local newest_first = on.try("ls -tc --", releases):lines()
  for i = opt.keep + 1, #newest_first do on("rm -rf --", releases .. "/" .. newest_first[i]) end
end)
print(("%s is live on %s"):format(release, table.concat(opt.host, ", ")))
