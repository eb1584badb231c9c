#!/usr/bin/env procrun
-- recompress.lua - turns every .gz below a folder into .zst or .xz: several at once; the old file
-- goes only when the new one has been read back and holds the same.

local cli, fs, path, sh = require "cli", require "fs", require "path", require "sh"

local opt = cli.args [[
usage: recompress.lua [options] <dir>

Turns .gz files into smaller ones, and keeps their times and modes.

  -t, --to zst|xz   what they become (default zst)
  -j, --jobs N      at the same time (1.., default 4)
  -k, --keep        keep the old files
  <dir>             the folder, to any depth]]

local pack = { zst = "zstd -q -19 -T1 -c", xz = "xz -6 -c" }
local unpack = { zst = "zstd -q -dc", xz = "xz -dc" }
sh.need("gzip", opt.to == "xz" and "xz" or "zstd")

if not fs.is_dir(opt.dir) then sh.fail(opt.dir .. " is no folder", 2) end

local function checksum(program, file)
  return sh.text(sh.cmd(program):from(file) | "sha256sum")
end

local function convert(old)
  local new = path.with_extension(old, opt.to)
  if fs.exists(new) then sh.fail(new .. " is there already") end
  local part = new .. ".part"
  local _ <close> = sh.undo(function() fs.remove(part) end)
  if sh.run(sh.cmd "gzip -dc":from(old) | sh.cmd(pack[opt.to]):to(part)).dry then return 0 end
  if checksum("gzip -dc", old) ~= checksum(unpack[opt.to], part) then
    sh.fail(new .. " does not hold what " .. old .. " does")
  end
  local before, after = sh.check(fs.stat(old)), sh.check(fs.stat(part))
  sh.check(fs.chmod(part, before.mode))
  sh.check(fs.utime(part, before.atime, before.mtime))
  sh.check(fs.rename(part, new, { overwrite = false }))
  if not opt.keep then sh.check(fs.remove(old)) end
  return before.size - after.size
end

local files = sh.check(fs.glob("**/*.gz", { cwd = opt.dir, only = "file", dot = true }))
local saved, failed, bar = 0, 0, cli.progress(#files)
sh.map(files, opt.jobs, function(name)
  local fine, result = pcall(convert, path.join(opt.dir, name))
  if fine then
    saved = saved + result
  else -- a damaged one is told of; the others go on
    failed = failed + 1
    cli.log.error("%s: %s", name, result.message or result)
  end
  bar:add()
end)
bar:finish()
print(("%d files, %d bytes saved"):format(#files - failed, saved))
if failed > 0 then sh.fail(("%d of %d files stay as they were"):format(failed, #files), 1) end
