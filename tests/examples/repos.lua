-- repos.lua shows which git repositories of a folder have something to do, whatever their names.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local json = require "procrun.json"
local proc = require "procrun.proc"

example.need "git"
local root = check.tmp "root"
assert(fs.mkdir_p(root .. "/no repository"))
local env = {
  GIT_CONFIG_GLOBAL = "/dev/null", GIT_AUTHOR_NAME = "a", GIT_AUTHOR_EMAIL = "a@b",
  GIT_COMMITTER_NAME = "a", GIT_COMMITTER_EMAIL = "a@b",
}
local function git(dir, ...)
  return proc.run("git", { "-C", dir, ... }, { extend_env = env }):check()
end
local function repository(name)
  local dir = root .. "/" .. name
  assert(fs.mkdir_p(dir))
  git(dir, "init", "-q", "-b", "main")
  check.write(dir .. "/f", "x\n")
  git(dir, "add", ".")
  git(dir, "commit", "-q", "-m", "first")
  return dir
end

repository "clean"
local dirty = repository "di rty\n$(x)"
check.write(dirty .. "/new", "")
check.write(dirty .. "/f", "y\n")
local stash = repository "-stash"
check.write(stash .. "/f", "y\n")
git(stash, "stash", "-q")
git(stash, "remote", "add", "origin", root .. "/nowhere")
git(root, "clone", "-q", "clean", "ahead")
check.write(root .. "/ahead/f", "z\n")
git(root .. "/ahead", "commit", "-q", "-am", "second")

local r = example.run("repos", { root }, { extend_env = env })
assert(r.ok, r.stderr)
check.matches(r.stdout, "%-stash%s+main%s+0%s+0%s+0%s+1", "ahead%s+main%s+0%s+1%s+0%s+0")
check.lacks(r.stdout, "clean")
check.matches(example.run("repos", { "-a", root }):text(), "clean%s+main")

r = example.run("repos", { "--fetch", "--json", "-j2", root }, { extend_env = env })
local list = assert(json.decode(r:check().stdout))
check.eq(#list, 4)
local by_name = {}
for _, s in ipairs(list) do by_name[s.name] = s end
check.eq(by_name["di rty\n$(x)"].dirty, 2)
check.eq(by_name.ahead.ahead, 1)
check.has(by_name["-stash"].note, "fetch: ")
check.eq(by_name.clean.note, "")
assert(by_name.clean.last:find "ago")

assert(fs.mkdir(root .. "/empty"))
check.eq(example.run("repos", { "--json", root .. "/empty" }):text(), "[]")
