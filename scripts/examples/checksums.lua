#!/usr/bin/env procrun
-- checksums.lua - the checksums of a tree, written to a manifest or compared with it.

local cli, fs, path, sh = require "cli", require "fs", require "path", require "sh"

local opt = cli.args [[
usage: checksums.lua [options] <root>

Says what has been added, changed and removed since the manifest was written, and exits with 3
if anything has. The manifest is one of sha256sum, which can check it, too.

  -j, --jobs N          files at the same time (1.., default 4)
  -m, --manifest FILE   where the checksums are (default SHA256SUMS)
  -w, --write           write the manifest instead of comparing
  <root>                the folder]]

sh.need "sha256sum"
if not fs.is_dir(opt.root) then sh.fail(opt.root .. " is no folder", 2) end

local files = {}
for p, st in fs.walk(opt.root, { only = "file", stat = true }) do
  files[#files + 1] = { name = path.relative(opt.root, p), size = st.size }
end
table.sort(files, function(a, b) return a.size > b.size end) -- the big ones first

-- Lines such as "012…def  name"; sha256sum has a way to write down any name.
local lines = sh.map(files, opt.jobs, function(file)
  return sh.text { "sha256sum", "--", file.name, cwd = opt.root }
end)
table.sort(lines, function(a, b) return a:match "  (.*)" < b:match "  (.*)" end)

if opt.write then
  sh.check(fs.write(opt.manifest, table.concat(lines, "\n") .. "\n"))
  print(("%d files in %s"):format(#lines, opt.manifest))
  return
end

if not fs.is_file(opt.manifest) then sh.fail("there is no " .. opt.manifest, 2) end
local old, found = {}, {}
for line in fs.lines(opt.manifest) do
  local sum, name = line:match "^(%S+)  (.*)$"
  if name then old[name] = sum end
end
for _, line in ipairs(lines) do
  local sum, name = line:match "^(%S+)  (.*)$"
  local what = old[name] and "changed  " or "added    "
  if old[name] ~= sum then found[#found + 1] = what .. name end
  old[name] = nil
end
for name in pairs(old) do found[#found + 1] = "removed  " .. name end
table.sort(found)
for _, line in ipairs(found) do print(line) end
if #found > 0 then sh.fail(("%d differences in %d files"):format(#found, #lines), 3) end
