-- exec and exec_file: cwd, env, shell, time, size, signal, and the error object of each failure.
local check = require "tests.lib.check"
local fs = require "fs"
local proc = require "proc"
local task = require "task"

-- start(…, callback) -> child; the values the callback got
local function call(exec, ...)
  local got, done = nil, task.event()
  local args = table.pack(...)
  args[args.n + 1] = function(...)
    got = table.pack(...)
    done:set()
  end
  local child = exec(table.unpack(args, 1, args.n + 1))
  assert(got == nil, "a callback is never called inside of the call")
  assert(done:wait(20))
  return got[1], got[2], got[3], child
end

local err, out, errors, child = call(proc.exec, "echo out; echo err >&2")
check.eq(err, nil)
check.eq(out, "out\n")
check.eq(errors, "err\n")
check.eq(child.spawnfile, "/bin/sh")
check.eq(table.concat(child.spawnargs, "|"), "/bin/sh|-c|echo out; echo err >&2")
check.eq(child.stdout, nil) -- it is the callback's

out = select(2, call(proc.exec, "pwd", { cwd = "/dev" }))
check.eq(out, "/dev\n")
out = select(2, call(proc.exec, "pwd", { cwd = "" }))
check.eq(out, fs.realpath(".") .. "\n")
out = select(2, call(proc.exec, "/usr/bin/env", { env = { HELLO = "WORLD", N = 5 } }))
check.has(out, "HELLO=WORLD\n")
check.has(out, "N=5\n")
check.lacks(out, "TMPDIR")
out = select(2, call(proc.exec, "echo $0", { shell = "/bin/bash" }))
check.eq(out, "/bin/bash\n")
out = select(2, call(proc.exec_file, "echo", { "$HOME", "a b" }))
check.eq(out, "$HOME a b\n")
out = select(2, call(proc.exec_file, "echo $0", { "a b", "'" }, { shell = true }))
check.eq(out, "/bin/sh a b '\n") -- quoted, not pasted in

-- failures
err, out, errors = call(proc.exec, "echo a; echo why >&2; exit 9")
check.eq(err.exit_code, 9)
check.eq(err.signal, nil)
check.eq(err.code, nil)
check.eq(err.command, "echo a; echo why >&2; exit 9")
check.eq(err.result.stdout, out)
check.eq(out .. errors, "a\nwhy\n")
check.has(err.message, "failed with exit status 9\nwhy")
err, out = call(proc.exec, "does-not-exist")
check.eq(err.exit_code, 127)
check.eq(out, "")
err, out, errors, child = call(proc.exec_file, "does-not-exist", { "x" })
check.eq(err.code, "ENOENT")
check.eq(err.path, "does-not-exist")
check.eq(out .. errors, "")
check.eq(child, nil)
err = call(proc.exec, "echo", { shell = "/no/such/shell" })
check.eq(err.code, "ENOENT")
check.eq(err.path, "/no/such/shell")
check.eq(err.command, "echo")
err = call(proc.exec_file, "sh", { "-c", "kill -HUP $$" })
check.eq(err.signal, "SIGHUP")
check.eq(err.exit_code, nil)

-- time: over, not over, with a signal of one's own, with one that is ignored
err, out = call(proc.exec, "echo early; exec sleep 60", { timeout = 0.1 })
check.eq(err.code, "ETIMEDOUT")
check.eq(err.timed_out, true)
check.eq(err.signal, "SIGTERM")
check.eq(out, "early\n") -- Node drops what has come
err = call(proc.exec, "exec sleep 60", { timeout = "100ms", kill_signal = "SIGKILL" })
check.eq(err.signal, "SIGKILL")
err, out = call(proc.exec, "echo fine", { timeout = "1h", kill_signal = "SIGKILL" })
check.eq(err, nil)
check.eq(out, "fine\n")
err = call(proc.exec, "trap '' TERM; while :; do sleep 1; done", { timeout = 0.1,
  kill_after = 0.1 })
check.eq(err.signal, "SIGKILL")
for _, none in ipairs { 0, math.huge } do
  check.eq((call(proc.exec, "sleep 0.01", { timeout = none })), nil)
end

-- size: of each output, in bytes; exactly that many is fine
for _, to in ipairs { "", " >&2" } do
  err, out, errors = call(proc.exec, "printf 1234567890" .. to, { max_buffer = 10 })
  check.eq(err, nil)
  check.eq(out .. errors, "1234567890")
  err, out, errors = call(proc.exec, "printf 12345678901" .. to, { max_buffer = 10 })
  check.eq(err.code, "ENOBUFS")
  check.eq(out .. errors, "1234567890")
  err, out, errors = call(proc.exec, "printf '中文测试'" .. to, { max_buffer = "10" })
  check.eq(err.code, "ENOBUFS")
  check.eq(out .. errors, ("中文测试"):sub(1, 10))
  err = call(proc.exec, "yes" .. to, { max_buffer = "1k" })
  check.eq(err.code, "ENOBUFS")
end
err, out = call(proc.exec, "head -c 3000000 /dev/zero", { max_buffer = math.huge })
check.eq(err, nil)
check.eq(#out, 3000000)

-- killed by us
local got, done = nil, task.event()
child = proc.exec("exec sleep 60", function(e) got = e done:set() end)
check.raises("signal ('SIGTERM', 'TERM' or 15) expected, got \"SIGNOPE\"", child.kill, child,
  "SIGNOPE")
check.eq(child.killed, false)
check.eq(child:kill("SIGINT"), true)
assert(done:wait(20))
check.eq(got.signal, "SIGINT")
check.eq(got.timed_out, false)
check.eq(child.killed, true)
