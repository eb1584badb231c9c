#!/usr/bin/env procrun
-- build.lua - builds several projects at once: prefixed output, the first failure stops the rest,
-- a summary at the end.

local cli, fs, path, sh, timer =
  require "cli", require "fs", require "path", require "sh", require "timer"

local opt = cli.args [[
usage: build.lua [options] <dir>...

Runs make in several folders at once. The first failure stops the others.

  -j, --jobs N        builds at the same time (1.., default 4)
  -k, --keep-going    let the others finish when one fails
  <dir>...            folders with a Makefile]]

sh.need "make"

for _, dir in ipairs(opt.dir) do
  if not fs.is_dir(dir) then sh.fail(("'%s' is no folder"):format(dir), 2) end
end

local rows, failed = { { "PROJECT", "RESULT", "SECONDS" } }, 0

local function build(dir)
  local name, started = path.basename(dir), timer.now()
  local result = cli.yellow "stopped"
  local _ <close> = sh.defer(function() -- also when the failure of another one stops this one
    rows[#rows + 1] = { name, result, ("%.1f"):format(timer.now() - started) }
  end)
  local r = sh.run {
    "make", "--no-print-directory", "-C", dir, label = name, timeout = "10m", check = false,
  }
  result = r.ok and cli.green "ok" or cli.red("exit " .. (r.code or r.signal))
  if r.ok then return end
  failed = failed + 1
  if not opt.keep_going then sh.fail(name .. " failed", r.code) end
end

local function summary()
  print()
  cli.table(rows)
end

local _ <close> = sh.defer(summary)
sh.map(opt.dir, opt.jobs, build)
if failed > 0 then sh.fail(("%d of %d builds failed"):format(failed, #opt.dir), 1) end
