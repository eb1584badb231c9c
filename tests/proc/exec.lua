-- exec: Node's form goes through a shell; what is not clearly Node's never does.
local proc = require "procrun.proc"
local task = require "procrun.task"

assert(proc.exec("echo a b | tr a-z A-Z"):wait(10).stdout == "A B\n")
assert(proc.exec("echo $X; pwd", { env = { X = "1" }, cwd = "/" }):wait(10).stdout == "1\n/\n")
assert(proc.exec("echo $0", { shell = "/bin/bash" }):wait(10).stdout == "/bin/bash\n")

-- the callback: options may be missing, nil or there
local calls = task.queue(10)
local function note(err, stdout, stderr) calls:put { err, stdout, stderr } end
local child = proc.exec("echo out; echo err >&2", note)
assert(child.pid and child.stdout == nil)
local got = calls:get(10)
assert(got[1] == nil and got[2] == "out\n" and got[3] == "err\n")
proc.exec("echo third", nil, note)
assert(calls:get(10)[2] == "third\n")
proc.exec("exit 3", { env = {} }, note)
local err = calls:get(10)[1]
assert(err.exit_code == 3 and err.code == nil and err.command == "exit 3")
assert(err.result.code == 3 and tostring(err):find("`exit 3` failed with exit status 3"))
proc.exec("echo told >&2; kill -9 $$", note)
err = calls:get(10)[1]
assert(err.signal == "SIGKILL" and err.exit_code == nil)
assert(tostring(err):find("was ended by SIGKILL\ntold", 1, true), tostring(err))

-- exec_file: no shell; callback in any place; a failure is told once, to the callback
proc.exec_file("echo", { "$HOME", "a b" }, note)
assert(calls:get(10)[2] == "$HOME a b\n")
proc.exec_file("pwd", { "-P" }, { cwd = "/" }, note)
assert(calls:get(10)[2] == "/\n")
proc.exec_file("true", note)
assert(calls:get(10)[2] == "")
assert(select("#", proc.exec_file("/nonexistent/program", note)) <= 1)
got = calls:get(10)
assert(got[1].code == "ENOENT" and got[1].path == "/nonexistent/program" and got[2] == "")
assert(got[1].result.ok == false and got[1].message:find("exec_file /nonexistent/program"))
local none, message, code = proc.exec_file("/nonexistent/program")
assert(none == nil and code == "ENOENT" and message:find("no such file"))

-- with shell: the arguments are quoted for it
proc.exec_file("printf '%s|'", { "a b", "$X", "it's" }, { shell = true }, note)
assert(calls:get(10)[2] == "a b|$X|it's|")

-- misuse of Node's form; tests/luapower/dispatch.lua has what is not Node's
local wrong_calls = { { "ls", { cwd = "/" }, 3 }, { 3 }, { "" }, { "ls", { "x" }, print }, { nil },
  { "ls", { cwd = "/" }, nil, 4 }, { "ls", print, nil, 4 }, { { "ls" }, print } }
for _, wrong in ipairs(wrong_calls) do
  local ok, text = pcall(proc.exec, table.unpack(wrong, 1, 4))
  assert(not ok and text:find("exec"), text)
end
