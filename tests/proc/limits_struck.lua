-- result.limit: which limit has ended a child, also through a shell; and nothing is made up.
local proc = require "procrun.proc"
local check = require "tests.lib.check"

proc.setenv("PROCRUN_CGROUP", "/nonexistent") -- rlimits, wherever this runs

local is_uv = require "procrun.core.process".backend() == "uv" -- which knows no usage
local dir = check.tmp("out")

local function struck(limit, errno, text, command, limits)
  local r = proc.run("sh", { "-c", command }, { limits = limits })
  assert(not r.ok, tostring(r))
  check.eq(r.limit, limit)
  check.eq(r.errno, errno)
  check.has(r, text)
  check.has(r.error, text)
  if limit then check.eq(select(2, pcall(r.check, r)).code, errno) end
end

-- processor time: the signal, and the kill of who does not mind it
local BUSY <const> = "while :; do :; done"
struck("cpu", "ETIME", "was ended by SIGXCPU at its cpu limit", BUSY, { cpu = 1 })
if not is_uv then
  struck("cpu", "ETIME", "was ended by SIGKILL at its cpu limit", "trap '' XCPU; " .. BUSY,
    { cpu = 1 })
end

-- a file that grows too large, by the program itself and by one that a shell has run
local WRITE <const> = ("head -c 100000 /dev/zero > '%s'"):format(dir)
struck("file_size", "EFBIG", "was ended by SIGXFSZ at its file_size limit", "exec " .. WRITE,
  { file_size = "8k" })
struck("file_size", "EFBIG", "failed with exit status 153 at its file_size limit",
  WRITE .. "; exit $?", { file_size = "8k" })
check.eq(#check.read(dir), 8192)

-- memory: refused by an rlimit, it is known from how much there was
local EAT <const> = "head -c 300000000 /dev/zero | tail -n 1" -- one line
local r = proc.run("sh", { "-c", EAT }, { limits = { memory = "128M" } })
assert(not r.ok and r.code == 1, tostring(r))
check.has(r.stderr, "memory exhausted")
if not is_uv then
  check.eq(r.limit, "memory")
  check.eq(r.errno, "ENOMEM")
end

-- other ends are not its work
struck(nil, nil, "failed with exit status 3", "exit 3", { cpu = 10, memory = "1G", file_size = 1 })
struck(nil, nil, "was ended by SIGKILL", "kill -KILL $$", { cpu = 10 })
struck(nil, nil, "failed with exit status 152", "exit 152", { files = 10 })
if not is_uv then -- nor what only looks like it
  struck(nil, nil, "failed with exit status 152", "exit 152", { cpu = 10 })
  struck(nil, nil, "was ended by SIGXCPU", "kill -XCPU $$", { cpu = 10 })
end

-- it had nearly all of its memory, and was ended by something else
local HELD <const> = "head -c 100000000 /dev/zero | tail -n 1 >/dev/null; "
struck(nil, nil, "was ended by SIGINT", HELD .. "kill -INT $$", { memory = "128M" })
struck(nil, nil, "was ended by SIGKILL", HELD .. "kill -KILL $$", { memory = "128M" })
struck(nil, nil, "failed with exit status 143", HELD .. "exit 143", { memory = "128M" })
do
  local child <close> = proc.spawn("sh", { "-c", HELD .. "echo; read _" },
    { limits = { memory = "128M" } })
  child.stdout:read("l")
  child:kill()
  r = child:wait()
  check.eq(r.signal, "SIGTERM")
  check.eq(r.limit, nil)
end
r = proc.run("true", { limits = { cpu = 10 } })
assert(r.ok and r.limit == nil)

-- a stage of a pipeline
r = proc.pipeline({ "true" }, { "sh", "-c", BUSY, limits = { cpu = 1 } }, { "cat" })
check.eq(r.limit, "cpu")
check.eq(r.stages[2].limit, "cpu")
check.has(r, "at its cpu limit (stage 2 of 3")
