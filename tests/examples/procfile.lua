-- procfile.lua runs the programs of a Procfile side by side with their names before each line; when
-- one ends all do; one that fails is started again if that is asked for.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

example.need "pgrep"
local dir, marker = check.tmp "my app", "6" .. process.pid
assert(fs.mkdir_p(dir))
check.write(dir .. "/.env", "COLOUR=dark blue\n# no line\nQUOTE=it's $(x)\n")
check.write(dir .. "/Procfile", ([[
# a comment
web: printf 'port %%s\n' "$PORT"; printf '%%s' "$COLOUR, $QUOTE"; echo up >&2; exec sleep %s
job-2: while [ ! -e go ]; do sleep 0.05; done; echo "on $PORT"; exit 4
]]):format(marker))

local child <close> = example.start("procfile", {}, { cwd = dir })
local lines = {}
lines[child.stdout:read "l"] = true
check.has(child.stderr:read "l", "up")
check.write(dir .. "/go", "")
for line in child.stdout:lines() do lines[line] = true end
local r = child:wait()
check.eq(r.code, 4)
local all = {}
for line in pairs(lines) do all[#all + 1] = line end
table.sort(all)
check.eq(#all, 3)
check.matches(table.concat(all, "\n"), "job%-2.*on 5100", "web.*dark blue, it's %$%(x%)",
  "web.*port 5000")
assert(not proc.run("pgrep", { "-fx", "sleep " .. marker }).ok, "web goes on")

-- Started again until it works; then all end.
check.write(dir .. "/again", "flaky: echo try; [ -e tried ] || { touch tried; exit 1; }\n")
r = example.run("procfile", { "-r", "-f", "again" }, { cwd = dir })
check.eq(r.code, 1)
local _, tries = r.stdout:gsub("try\n", "")
check.eq(tries, 2)
check.has(r.stderr, "again in")
check.has(r.stderr, "flaky has ended")

check.has(example.run("procfile", { "nobody" }, { cwd = dir }).stderr, "has no 'nobody'")
check.eq(example.run("procfile", { "-f", "none" }, { cwd = dir }).code, 2)
r = example.run("procfile", { "job-2" }, { cwd = dir })
check.eq(r.code, 4)
check.lacks(r.stdout, "web")
