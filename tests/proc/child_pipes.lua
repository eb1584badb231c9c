-- Piped streams of a child are pipes, not sockets, in every form: /dev/stdout and /dev/stderr can
-- be opened, and `bash -c` does not read ~/.bashrc.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local LOOK <const> = "[ -p /dev/stdin ] && echo in; echo out >/dev/stdout; echo err >/dev/stderr"
local function id(line) return line end

local r = proc.run("sh", { "-c", LOOK }, { input = "x" })
check.eq(r.stdout .. r.stderr, "in\nout\nerr\n")
r = proc.pipeline({ input = "x" }, id, { "sh", "-c", LOOK }, id)
check.eq(r.stdout .. r.stderr, "in\nout\nerr\n")
local job <close> = assert(proc.start_pipeline({ "sh", "-c", LOOK }, { "cat" },
  { stdin = "pipe", stdout = "pipe", stderr = "pipe" }))
check.eq(job.stdout:read("a") .. job.stderr:read("a"), "in\nout\nerr\n")
local ran = check.run([[
  require "procrun.proc".run("sh", { "-c", "echo out >/dev/stdout; echo err >/dev/stderr" },
    { capture = false, label = "l" })
]])
check.eq(ran.out .. ran.err, "l | out\nl | err\n")

if not proc.which("bash") then return print("skip: no bash") end
local home <close> = assert(fs.temp_dir())
assert(fs.write(home.path .. "/.bashrc", "echo from the bashrc\n"))
for _, options in ipairs { { input = "x" }, { stdin = "ignore" }, {} } do
  options.extend_env = { HOME = home.path, SHLVL = false }
  check.eq(proc.run("bash", { "-c", "echo own" }, options):check().stdout, "own\n")
end
r = proc.pipeline({ input = "x" }, id, { "bash", "-c", "cat; echo own" },
  { extend_env = { HOME = home.path, SHLVL = false } })
check.eq(r.stdout, "xown\n")
