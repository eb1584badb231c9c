#!/usr/bin/env procrun
-- deploy.lua - a folder becomes the new release on every host. All are switched over together and
-- checked; if one of them is not well, all are switched back.

local cli, fs, path, sh = require "cli", require "fs", require "path", require "sh"

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

local release = opt.name or os.date "!%Y%m%d-%H%M%S"
local current, releases = path.join(opt.dir, "current"), path.join(opt.dir, "releases")
local here = path.join(releases, release)
local before = {} -- host -> what current was; "" for nothing

local function on_each(fn)
  return sh.map(opt.host, 8, function(host)
    return fn(sh.remote(host, { label = host, timeout = "10m" }), host)
  end)
end

local function switch(on, target)
  if target == "" then on("rm -f --", current) else on("ln -sfn --", target, current) end
  on("sh -c", opt.restart)
end

on_each(function(on) -- nothing is switched before every host has everything
  on("mkdir -p --", releases)
  on("mkdir --", here) -- one that is there already may be live
  sh.run(sh.cmd("tar -C $1 -czf - .", opt.folder) | on.cmd("tar -xzf - -C", here))
end)

do
  local _ <close> = sh.undo(function(why)
    cli.log.error("rolling back: %s", type(why) == "table" and why.message or why)
    on_each(function(on, host) if before[host] then switch(on, before[host]) end end)
  end)
  on_each(function(on, host)
    before[host] = on.try("readlink --", current):text()
    switch(on, "releases/" .. release)
  end)
  on_each(function(on) sh.retry({ times = 3, delay = "1s" }, on.run, "sh -c", opt.check) end)
end

on_each(function(on)
  local newest_first = on.try("ls -tc --", releases):lines()
  for i = opt.keep + 1, #newest_first do on("rm -rf --", path.join(releases, newest_first[i])) end
end)
print(("%s is live on %s"):format(release, table.concat(opt.host, ", ")))
