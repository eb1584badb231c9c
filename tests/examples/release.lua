-- release.lua and the bash script that it stands beside do the same to equal repositories: output,
-- exit status, tags and files.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local path = require "procrun.path"
local proc = require "procrun.proc"

example.need("bash", "git", "gzip", "sha256sum")
local env = {
  GIT_CONFIG_GLOBAL = "/dev/null", GIT_AUTHOR_NAME = "a", GIT_AUTHOR_EMAIL = "a@b",
  GIT_COMMITTER_NAME = "a", GIT_COMMITTER_EMAIL = "a@b", LC_ALL = "C",
  GIT_AUTHOR_DATE = "2025-01-01T00:00:00Z", GIT_COMMITTER_DATE = "2025-01-01T00:00:00Z",
}
local scripts = { bash = { "bash", (example.file "release":gsub("lua$", "sh")) },
  lua = { process.exec_path, example.file "release" } }
local dirs = { bash = check.tmp "bash/my project", lua = check.tmp "lua/my project" }

local function git(dir, ...)
  return proc.run("git", { "-C", dir, ... }, { extend_env = env }):check():text()
end

-- Does the same to both repositories.
local function both(fn)
  for _, dir in pairs(dirs) do fn(dir) end
end

local function commit(dir, subject)
  assert(fs.append(dir .. "/file", subject .. "\n"))
  git(dir, "add", "file")
  git(dir, "commit", "-q", "-m", subject)
end

local function state(dir)
  local list = { git(dir, "for-each-ref", "--format=%(refname) %(objecttype) %(contents)") }
  for p, st in fs.walk(dir, { stat = true, ignore = ".git" }) do
    list[#list + 1] = path.relative(dir, p) .. " " .. st.type
    if st.type == "file" then list[#list + 1] = assert(fs.read(p)) end
  end
  return table.concat(list, "\n")
end

-- Runs both -> the result of release.lua
local function compare(code, ...)
  local results = {}
  for side, script in pairs(scripts) do
    local argv = { script[2], ... }
    results[side] = proc.run(script[1], argv, { cwd = dirs[side], extend_env = env })
  end
  check.eq(results.bash.stdout, results.lua.stdout)
  check.eq(results.bash.code, code, results.bash.stderr)
  check.eq(results.lua.code, code, results.lua.stderr)
  check.eq(state(dirs.bash), state(dirs.lua))
  return results.lua
end

both(function(dir)
  assert(fs.mkdir_p(dir))
  git(dir, "init", "-q", "-b", "main")
  commit(dir, "chore: begin")
end)
check.has(compare(1, "patch").stderr, "nothing to release")
both(function(dir)
  commit(dir, "feat: it's \"$(touch pwned)\" & more")
  commit(dir, "fix: %s \\n *")
  commit(dir, "feat: second")
end)
check.has(compare(0, "-n", "minor").stdout,
  "# v0.1.0\n\n## New\n- it's \"$(touch pwned)\" & more\n- second")
check.has(compare(0, "-o", "my dist", "minor").stdout,
  "v0.1.0 is tagged; my dist/my project-0.1.0.tar.gz")
both(function(dir)
  assert(fs.is_file(dir .. "/my dist/my project-0.1.0.tar.gz.sha256"))
  assert(not fs.exists(dir .. "/pwned"))
  commit(dir, "fix: one")
end)
compare(0, "patch")
both(function(dir) commit(dir, "feat: big") end)
compare(0, "major")
both(function(dir) assert(fs.append(dir .. "/file", "not committed\n")) end)
check.has(compare(1, "patch").stderr, "not committed")
both(function(dir) git(dir, "commit", "-q", "-am", "fix: x") end)
compare(2, "huge")
compare(2)

-- procrun -n shows the commands and changes nothing.
local before = state(dirs.lua)
local dry = proc.run(process.exec_path, { "-n", scripts.lua[2], "patch" },
  { cwd = dirs.lua, extend_env = env })
check.has(dry:check().stderr, "git tag -a v1.0.1")
check.eq(state(dirs.lua), before)

-- A tag of that name elsewhere is not ours to remove.
both(function(dir)
  git(dir, "tag", "v1.0.1", git(dir, "commit-tree", "-m", "elsewhere", "HEAD^{tree}"))
end)
compare(128, "patch")
both(function(dir) git(dir, "tag", "-d", "v1.0.1") end)

-- Tags of another kind are not guessed at.
both(function(dir)
  commit(dir, "fix: y")
  git(dir, "tag", "-a", "-m", "x", "v2.0.0-rc1")
end)
check.has(compare(1, "patch").stderr, "v2.0.0-rc1 is no version")
both(function(dir) git(dir, "tag", "-d", "v2.0.0-rc1") end)

-- It fails after the tag has been made: the tag goes.
both(function(dir) assert(fs.mkdir_p(dir .. "/dist/my project-1.0.1.tar.gz/x")) end)
for side, script in pairs(scripts) do
  local r = proc.run(script[1], { script[2], "patch" }, { cwd = dirs[side], extend_env = env })
  assert(not r.ok, side)
  check.lacks(git(dirs[side], "tag"), "v1.0.1")
end
