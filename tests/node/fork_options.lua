-- fork: arguments, environment, directory, launchers with arguments, the name it sees, silence.
local check = require "tests.lib.check"
local fs = require "fs"
local proc = require "proc"
local worker = require "tests.lib.worker"

local file = worker.file [[
  process.send {args = {...}, script = arg[0], before = arg[-1], first = arg[-2],
    cwd = process.cwd(), env = process.env.ONLY, path = process.env.PATH and true,
    channel = os.getenv "NODE_CHANNEL_FD" and true or false,
    mode = os.getenv "NODE_CHANNEL_SERIALIZATION_MODE" and true or false}
  io.write "said"]]
local own = process.exec_path

local function fork(args, options)
  local child = assert(proc.fork(file, args, options))
  local hello = assert(child:receive(20))
  return hello, child:wait(20), child
end

local hello, r, child = fork({ "a b", 2, "" }, { silent = true })
check.eq(table.concat(hello.args, "|"), "a b|2|")
check.eq(hello.script, file)
check.eq(hello.channel, false) -- taken out: no grandchild shall believe it is meant
check.eq(hello.mode, false)
check.eq(r.stdout, "said")
check.eq(child.spawnfile, own)
check.eq(table.concat(child.spawnargs, "|"), own .. "|" .. file .. "|a b|2|")

hello = fork({}, { silent = true, env = { ONLY = "this" } })
check.eq(hello.env, "this")
check.eq(hello.path, nil) -- replaced, not added to; the channel is there all the same
hello = fork({}, { silent = true, extend_env = { ONLY = "this" } })
check.eq(hello.path, true)
hello = fork({}, { silent = true, cwd = "/" })
check.eq(hello.cwd, "/")

-- launchers
hello, r = fork({ "z" }, { silent = true, exec_path = { "env", "ONLY=by env", own },
  exec_args = { "-e", "X = 1" } })
check.eq(hello.env, "by env")
check.eq(hello.before, "X = 1")
check.eq(r.argv[1], "env")
hello = fork({ "q" }, { silent = true, exec_path = { "sh", "-c", 'exec "$0" "$@"', own } })
check.eq(hello.args[1], "q")
hello, r, child = fork({}, { silent = true, argv0 = "somebody" })
assert(r.ok)
check.eq(hello.before, "somebody")
check.eq(child.spawnargs[1], "somebody")
check.eq(child.spawnfile, own)
local none, message, code = proc.fork(file, {}, { exec_path = "/no/such/procrun" })
assert(none == nil and code == "ENOENT", message)
check.eq(message, "fork /no/such/procrun: no such file or directory")

-- any program that writes lines may be the runtime
local script = check.write(check.tmp "script.sh", "read x <&3; echo \"[$x, \\\"$1\\\"]\" >&3")
child = assert(proc.fork(script, { "arg" }, { exec_path = "sh" }))
child:send { n = 1 }
local answer = child:receive(20)
check.eq(answer[1].n, 1)
check.eq(answer[2], "arg")
assert(child:wait(20).ok)

-- no shell, whatever is said; stdio goes before silent
hello, r = fork({ "$HOME" }, { silent = true, shell = true })
check.eq(hello.args[1], "$HOME")
check.eq(r.argv[1], own)
child = select(3, fork({}, { silent = true, stdio = { "ignore", "ignore", "ignore", "ipc" } }))
assert(not child.stdin and not child.stdout and not child.stderr)

-- a script that is missing is told by the child
child = assert(proc.fork(check.tmp "missing.lua", {}, { silent = true }))
r = child:wait(20)
check.eq(r.code, 1)
check.has(r.stderr, "missing.lua")
check.eq(child.connected, false)

-- a time for the whole
child = assert(proc.fork(worker.file "process:on('message', print)", {},
  { timeout = 0.1, kill_signal = "SIGKILL" }))
r = child:wait(20)
check.eq(r.timed_out, true)
check.eq(r.signal, "SIGKILL")
assert(fs.exists(file))
