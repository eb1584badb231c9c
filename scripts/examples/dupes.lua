#!/usr/bin/env procrun
-- dupes.lua - files that hold the same. Only those of equal size are read.

local cli, fs, sh = require "cli", require "fs", require "sh"

local opt = cli.args [[
usage: dupes.lua [options] <dir>...

Shows groups of files with the same contents, and what they cost.

  -m, --min BYTES   smaller files do not count (0.., default 1)
  -j, --jobs N      files read at the same time (1.., default 4)
  -l, --link        make them names of one file (hard links)
  <dir>...          where to look, to any depth]]

sh.need "sha256sum"

local by_size = {}
for _, dir in ipairs(opt.dir) do
  if not fs.is_dir(dir) then sh.fail(dir .. " is no folder", 2) end
  for path, st in fs.walk(dir, { only = "file", stat = true }) do
    local file = { path = path, size = st.size, inode = st.dev .. ":" .. st.ino }
    by_size[st.size] = by_size[st.size] or {}
    if st.size >= opt.min then table.insert(by_size[st.size], file) end
  end
end

local candidates = {}
for _, files in pairs(by_size) do
  if #files > 1 then table.move(files, 1, #files, #candidates + 1, candidates) end
end
sh.map(candidates, opt.jobs, function(file)
  file.sum = sh.text(sh.cmd "sha256sum":from(file.path)):match "%x+" -- by stdin: any name will do
end)

local groups, by_sum = {}, {}
for _, file in ipairs(candidates) do
  local group = by_sum[file.sum]
  if not group then
    group = { paths = {}, inodes = {}, wasted = -file.size }
    by_sum[file.sum], groups[#groups + 1] = group, group
  end
  if not group.inodes[file.inode] then -- a further name of a file costs nothing
    group.inodes[file.inode], group.wasted = true, group.wasted + file.size
  end
  table.insert(group.paths, file.path)
end
table.sort(groups, function(a, b) return a.wasted > b.wasted end)

for _, group in ipairs(groups) do
  table.sort(group.paths)
  if next(group.inodes, next(group.inodes)) then -- there are two, or more
    print(group.wasted, table.concat(group.paths, "\n\t"))
    for i = 2, opt.link and #group.paths or 0 do
      sh.run("ln -f --", group.paths[1], group.paths[i])
    end
  end
end
