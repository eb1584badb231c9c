#!/usr/bin/env procrun
-- repos.lua - the state of every git repository in a folder, asked in parallel.

local cli, fs, json, path, sh =
  require "cli", require "fs", require "json", require "path", require "sh"

local opt = cli.args [[
usage: repos.lua [options] <root>

Shows the git repositories in a folder that have something to do.

  -j, --jobs N    at the same time (1.., default 8)
  -f, --fetch     fetch first (failures are shown, not fatal)
  -a, --all       clean ones too
      --json      all, machine-readable
  <root>          the folder]]

local function state(dir)
  local git = sh.with { "git", "-C", dir, timeout = "30s" }
  local s = { name = path.basename(dir), dirty = 0, ahead = 0, behind = 0, note = "" }
  if opt.fetch then
    local r = git.try "fetch --quiet --prune"
    if not r.ok then s.note = "fetch: " .. (r.stderr:match "[^\n]+" or "exit " .. r.code) end
  end
  for line in git.lines "status --porcelain=v2 --branch" do
    local key, value = line:match "^# branch%.(%w+) (.*)"
    if key == "head" then
      s.branch = value
    elseif key == "ab" then
      local ahead, behind = value:match "%+(%d+) %-(%d+)"
      s.ahead, s.behind = math.tointeger(ahead), math.tointeger(behind)
    elseif not key then
      s.dirty = s.dirty + 1
    end
  end
  s.stashes = #git.try "stash list":lines()
  s.last = git.try "log -1 --format=%cr":text()
  return s
end

if not fs.is_dir(opt.root) then sh.fail(opt.root .. " is no folder", 2) end
local dirs = {}
for _, name in ipairs(sh.check(fs.glob("*/.git", { cwd = opt.root }))) do
  dirs[#dirs + 1] = path.join(opt.root, path.dirname(name))
end
local repos = sh.map(dirs, opt.jobs, state)

if opt.json then
  print(json.encode(json.array(repos), { indent = 2 }))
  return
end
local rows = { { "REPOSITORY", "BRANCH", "DIRTY", "AHEAD", "BEHIND", "STASH", "LAST COMMIT", "" } }
for _, s in ipairs(repos) do
  if opt.all or s.dirty + s.ahead + s.behind + s.stashes > 0 or s.note ~= "" then
    local dirty = s.dirty > 0 and cli.red(s.dirty) or 0
    rows[#rows + 1] = { cli.bold(s.name), s.branch, dirty, s.ahead, s.behind, s.stashes, s.last,
      cli.yellow(s.note) }
  end
end
cli.table(rows)
