-- exec's two forms: every place, every spelling of a key, false for what is absent, other options
-- of spawn; what cannot be is named.
local check = require "tests.lib.check"
local luapower = require "tests.lib.luapower"
local proc = require "procrun.proc"

local script = "echo $1-$X-`pwd`; cat"
local args = { "-c", script, "sh", "arg" }
for _, cmd in ipairs { "cmd", "command" } do
  for _, dir in ipairs { "dir", "cwd", "cur_dir" } do
    local text, code = luapower.output(function(out)
      return proc.exec { [cmd] = "/bin/sh", args = args, env = { X = 5.5 }, [dir] = "/usr",
        stdin = "ignore", stdout = out, stderr = out, autokill = false, async = true,
        inherit_all_handles = false }
    end)
    check.eq(text, "arg-5.5-/usr\n")
    check.eq(code, 0)
  end
end
check.eq(luapower.output(function(out)
  return proc.exec("/bin/sh", args, { X = true }, "/usr", assert(io.open("/dev/null")), out, out,
    true, true)
end), "arg-true-/usr\n")
check.eq(luapower.output(function(out)
  return proc.exec("/bin/sh", { "-c", "echo ${X-none}; echo err >&2" }, false, false, false, out,
    out, false, false)
end), (os.getenv("X") or "none") .. "\nerr\n")
check.eq(luapower.output(function(out)
  return proc.exec { cmd = "/bin/sh", args = false, env = { X = false }, stdin = false,
    stdout = out, stderr = false, input = "echo $X" }
end), "false\n")

-- the other options of spawn
local p = assert(proc.exec { cmd = "sleep", args = { 60 }, timeout = "20ms", kill_signal = "INT" })
check.values({ p:wait() }, nil, "killed", 2, "SIGINT", false)
assert(p.result.timed_out)
check.eq(luapower.output(function(out)
  return proc.exec { cmd = "/bin/sh", args = { "-c", "echo $A$B" }, extend_env = { A = 1 },
    argv0 = "x", stdout = out }
end), "1\n")

-- what fails outside: message, code, and luapower's word
check.values({ proc.exec("/nope/x", {}) }, nil, "exec /nope/x: no such file or directory", "ENOENT",
  "not_found")
check.values({ proc.exec { cmd = "/etc/passwd" } }, nil, "exec /etc/passwd: permission denied",
  "EACCES", "access_denied")
check.values({ proc.exec { cmd = "true", dir = "/nope" } }, nil,
  "exec true: cwd /nope: no such file or directory", "ENOENT", "not_found")
check.values({ proc.popen_async("/nope/x") }, nil,
  "popen_async /nope/x: no such file or directory", "ENOENT", "not_found")
check.values({ proc.exec { cmd = "true", dir = "/etc/passwd" } }, nil,
  "exec true: cwd /etc/passwd: not a directory", "ENOTDIR")

-- misuse
local function raises(text, ...) check.raises(text, proc.exec, ...) end
raises("exec: unknown option 'open_stdin'", { cmd = "true", open_stdin = true })
raises("exec: unknown option 'comand'", { comand = "true", cmd = "true" })
raises("exec: unknown option 'comand' (known: args, argv0, async, autokill, capture, channel, cmd, "
  .. "cwd, detached, dir, ", { comand = "true" })
raises("exec: the command is missing: a program, or a list of it and its arguments, first or as "
  .. "'cmd'", { args = { "x" } })
raises("exec: unknown option 'killSignal' (it is called 'kill_signal' here)",
  { cmd = "true", killSignal = 9 })
raises("exec: 'dir' is said twice", { cmd = "true", dir = "/", cwd = "/" })
raises("exec: args: table expected, got string", { cmd = "true", args = "x" })
raises("exec: argument 2: string or number expected, got boolean", "true", { "a", true })
check.raises("exec_luafile: args: 'dir' is no index; options by name are one table",
  proc.exec_luafile, "x.lua", { dir = "/" })
raises("exec: option 'env': table expected", "true", {}, "X=1")
raises("exec: env.A: string or number expected, got table", "true", {}, { A = {} })
raises("exec: option 'cwd': string expected, got 3", "true", {}, nil, 3)
raises("exec: stdout: 'x' is none of", "true", {}, nil, nil, nil, "x")
raises("exec: option 'autokill'", "true", {}, nil, nil, nil, nil, nil, {})
raises("exec: inherit_all_handles: boolean expected", "true", {}, nil, nil, nil, nil, nil, nil, 1)
raises("exec: more than 9 arguments", "true", {}, nil, nil, nil, nil, nil, nil, nil, 1)
raises("exec: async: boolean expected", { cmd = "true", async = 1 })
raises("exec: the program's name holds a NUL byte", "true\0", {})
check.raises("popen_async: open_stdout: boolean expected, got string", proc.popen_async, "true", {},
  nil, nil, true, "x")
check.raises("popen_async: 'open_stdin' and 'stdin': one of them", proc.popen_async,
  { cmd = "true", open_stdin = true, stdin = "ignore" })
