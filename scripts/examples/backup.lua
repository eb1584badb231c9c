#!/usr/bin/env procrun
-- backup.lua - a checked archive of a folder, and the oldest ones go. What fails half way leaves
-- the old backups alone and no half of a new one.

local cli, fs, path, sh, sync =
  require "cli", require "fs", require "path", require "sh", require "sync"

local opt = cli.args [[
usage: backup.lua [options] <source> <store>

Packs the folder <source> into an archive in the folder <store>.

  -k, --keep N              how many archives stay (1.., default 7)
  -x, --exclude PATTERN...  names that are left out, as for tar; may be given again
  -t, --timeout TIME        the longest it may take (default 6h)
  <source>                  what is saved
  <store>                   where archives are kept; it is made if it is missing]]

sh.need("tar", "zstd", "sha256sum")
local source = path.absolute(opt.source)
local st = fs.stat(source)
if not st or st.type ~= "directory" then sh.fail(source .. " is no folder", 2) end
sh.run("mkdir -p --", opt.store)

local name = path.basename(source)
local lock <close> = assert(sync.mutex(("backup-%d-%d"):format(st.dev, st.ino))):try_lock()
if not lock then sh.fail("another backup of " .. source .. " is running", 75) end

local archive = ("%s/%s-%s.tar.zst"):format(opt.store, name, os.date "%Y%m%d-%H%M%S")
local part = archive .. ".part"
local _ <close> = sh.undo(function() fs.remove(part) end)

local tar = { "tar", "--no-unquote", "-C", path.dirname(source) }
for _, pattern in ipairs(opt.exclude) do tar[#tar + 1] = "--exclude=" .. pattern end
for _, word in ipairs { "-cf", "-", "--", name } do tar[#tar + 1] = word end

sh.timeout(opt.timeout, function()
  local all = sh.cmd(tar):with { ok = { 0, 1 } } -- 1: a file has changed meanwhile
  if sh.run(all | sh.cmd "zstd -q -T0":to(part)).dry then return end
  local entries = 0
  for _ in sh.lines(sh.cmd "zstd -q -dc":from(part) | "tar -tf -") do entries = entries + 1 end
  local sum = sh.text(sh.cmd "sha256sum":from(part)):match "%x+"
  sh.check(fs.rename(part, archive, { overwrite = false }))
  sh.check(fs.write(archive .. ".sha256", ("%s  %s\n"):format(sum, path.basename(archive))))
  print(("%s: %d entries, %d bytes"):format(archive, entries, fs.stat(archive).size))
end)

local pattern = fs.glob_escape(name) .. "-" .. ("[0-9]"):rep(8) .. "-" .. ("[0-9]"):rep(6)
local archives = sh.check(fs.glob(pattern .. ".tar.zst", { cwd = opt.store, dot = true }))
for i = 1, #archives - opt.keep do
  local oldest = path.join(opt.store, archives[i])
  sh.run("rm -f --", oldest, oldest .. ".sha256") -- as a command: procrun -n only shows it
  print("removed " .. archives[i])
end
