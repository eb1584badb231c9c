#!/usr/bin/env procrun
-- watch.lua - runs a command, and again whenever a file changes; a run that is still busy then is
-- stopped first, with all that it has started.

local cli, fs, sh, task = require "cli", require "fs", require "sh", require "task"

local opt = cli.args [[
usage: watch.lua [options] [--] <command>...

Runs a command anew whenever a file below the folder changes.

  -d, --dir DIR            the folder (default .)
  -i, --ignore PATTERN...  names that do not count, as in .gitignore; may be given again
  -c, --count N            stop after so many runs (1..)
  <command>...             a program and its arguments]]

if not fs.is_dir(opt.dir) then sh.fail(opt.dir .. " is no folder", 2) end
sh.need(opt.command[1])

local ignore = { ".git", "*.swp", "*~" }
table.move(opt.ignore, 1, #opt.ignore, #ignore + 1, ignore)
local watcher <close> = sh.check(fs.watch(opt.dir, { ignore = ignore, debounce = "100ms" }))

local function once()
  local r = sh.run { check = false, table.unpack(opt.command) }
  if r.ok then
    cli.log("done in %.1f s", r.seconds)
  else
    cli.log.error("failed with %s after %.1f s", r.code or r.signal, r.seconds)
  end
end

for _ = 2, opt.count or math.huge do
  local job = task.spawn(once)
  local changes = sh.check(watcher:next())
  cli.log("%s%s", changes[1].path, #changes > 1 and (" and %d more"):format(#changes - 1) or "")
  job:cancel()
  job:wait()
end
once()
