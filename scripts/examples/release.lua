#!/usr/bin/env procrun
-- release.lua - tags the next version of a git repository, with notes and an archive. release.sh
-- beside it is the same for bash.

local cli, fs, path, sh = require "cli", require "fs", require "path", require "sh"

local opt = cli.args [[
usage: release.lua [options] <part>

  -n, --dry-run    say what would be done, and do nothing
  -o, --out DIR    where notes and archive go (default dist)
  <part>           what goes up (major|minor|patch)]]

if sh.text "git status --porcelain --untracked-files=no" ~= "" then
  sh.fail("there are changes that are not committed", 1)
end

local last = sh.try "git describe --tags --abbrev=0 --match 'v*'"
local version = last.ok and last:text() or "v0.0.0"
local major, minor, patch = version:match "^v(%d+)%.(%d+)%.(%d+)$"
if not major then sh.fail(version .. " is no version such as v1.2.3", 1) end
local next_one = ({
  major = ("v%d.0.0"):format(major + 1),
  minor = ("v%d.%d.0"):format(major, minor + 1),
  patch = ("v%d.%d.%d"):format(major, minor, patch + 1),
})[opt.part]

local range = last.ok and version .. "..HEAD" or "HEAD"
local subjects = sh.text("git log --reverse --format=%s", range)
local notes = "# " .. next_one .. "\n"
for _, kind in ipairs { { "feat", "New" }, { "fix", "Mended" } } do
  local found = {}
  for line in subjects:gmatch "[^\n]+" do
    found[#found + 1] = line:match("^" .. kind[1] .. ": (.*)")
  end
  if #found > 0 then
    notes = ("%s\n## %s\n- %s\n"):format(notes, kind[2], table.concat(found, "\n- "))
  end
end
if not notes:find "##" then sh.fail("nothing to release since " .. version, 1) end

io.write(notes)
if opt.dry_run then return end
local name = path.basename(sh.text "git rev-parse --show-toplevel") .. "-" .. next_one:sub(2)
local base = path.join(opt.out, name)
sh.run("mkdir -p --", opt.out)
local tag = sh.cmd("git tag -a $1 -F - --cleanup=verbatim", next_one)
if sh.run(sh.data(notes) | tag).dry then return end
local _ <close> = sh.undo(function()
  sh.run("git tag -d", next_one)
  sh.run("rm -f --", base .. ".tar.gz")
end)
local archive = sh.cmd("git archive --format=tar $1 $2", "--prefix=" .. name .. "/", next_one)
sh.run(archive | sh.cmd "gzip -9n":to(base .. ".tar.gz"))
sh.check(fs.write(base .. ".md", notes))
sh.run(sh.cmd("sha256sum --", name .. ".tar.gz"):with { cwd = opt.out }
  :to(base .. ".tar.gz.sha256"))
local size = fs.stat(base .. ".tar.gz").size
print(("%s is tagged; %s.tar.gz has %d bytes"):format(next_one, base, size))
