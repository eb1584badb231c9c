-- build.lua builds several projects with their names before each line; the first failure stops the
-- others with all they have started, or lets them end; the summary comes in any case.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

example.need("make", "pgrep")
local base = check.tmp "projects"
local marker = "4" .. process.pid -- seconds that nobody else sleeps
local function project(name, recipe)
  assert(fs.mkdir_p(base .. "/" .. name))
  check.write(base .. "/" .. name .. "/Makefile", "all:\n\t" .. recipe .. "\n")
  return base .. "/" .. name
end
local good = project("li b's", "@echo one; echo two >&2")
local bad = project("-app", "@echo going; exit 7")
local slow = project("web", "@sleep " .. marker)
local after = project("late", "@touch made")

local r = example.run("build", { good })
check.eq(r.code, 0)
check.has(r.stdout, "li b's")
check.has(r.stdout, "one\n")
check.matches(r.stdout, "li b's%s+ok%s+%d+%.%d")

r = example.run("build", { "--jobs", "3", slow, good, bad })
check.eq(r.code, 2)
check.has(r.stderr, "-app failed")
check.matches(r.stdout, "%-app%s+exit 2", "web%s+stopped")
assert(r.seconds < 30)
assert(not proc.run("pgrep", { "-fx", "sleep " .. marker }).ok, "the sleep goes on")

r = example.run("build", { "-k", "-j1", bad, after })
check.eq(r.code, 1)
check.has(r.stderr, "1 of 2 builds failed")
assert(fs.exists(after .. "/made"))

check.eq(example.run("build").code, 2)
check.eq(example.run("build", { "" }).code, 2)
