-- label: whole lines behind a prefix, never mixed; a last line without newline gets one; stdout and
-- stderr kept apart; colour only where that output is a terminal.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

-- 20 jobs that print partial lines
local ran = check.run [[
  local proc, task = require "procrun.proc", require "procrun.task"
  local jobs = {}
  for i = 1, 20 do
    jobs[i] = function()
      local r = proc.run { "sh", "-c", [=[
        for i in 1 2 3 4 5; do
          printf 'part '; sleep 0.01; printf "$i of"; printf " $0\n"
          printf 'bad '>&2; sleep 0.01; echo $0 >&2
        done
        printf 'last of '; sleep 0.01; printf $0]=], i, label = "job" .. i, capture = false }
      assert(r.ok and r.stdout == nil and r.stderr == nil)
    end
  end
  task.all(jobs)
]]
assert(ran.code == 0, ran.err)
local lines = {}
for line in ran.out:gmatch("([^\n]*)\n") do lines[#lines + 1] = line end
assert(#lines == 120 and ran.out:sub(-1) == "\n")
local at = {}
for _, line in ipairs(lines) do
  local label, n, of = line:match("^job(%d+) | part (%d) of (%d+)$")
  if label then
    assert(label == of and tonumber(n) == (at[label] or 0) + 1, line)
    at[label] = tonumber(n)
  else
    label, of = line:match("^job(%d+) | last of (%d+)$")
    assert(label and label == of and at[label] == 5, line)
  end
end
lines = 0
for label, of in ran.err:gmatch("job(%d+) | bad (%d+)\n") do
  assert(label == of)
  lines = lines + 1
end
assert(lines == 100)

-- with each call that starts a program, and each way of being shown
ran = check.run(([[
  local proc = require "procrun.proc"
  local r = proc.run({ "echo", "tee", label = "a", capture = "tee" })
  assert(r.stdout == "tee\n")
  r = proc.run("sh", { "-c", "echo tail; printf rest" }, { label = "50%%1", capture = "tail" })
  assert(r.stdout == "tail\nrest")
  r = proc.run("sh", { "-c", "echo kept; echo kept >&2" }, { label = "never seen" })
  assert(r.stdout == "kept\n" and r.stderr == "kept\n")
  local c = proc.spawn("sh", { "-c", "echo spawned; echo piped >&2" },
    { stdout = "inherit", label = "s" })
  assert(c.stdout == nil and c.stderr:read() == "piped" and c:wait().stdout == nil)
  assert(proc.exec("echo executed", { stdio = "inherit", label = "e" }):wait().ok)
  proc.exec("echo one; echo two >&2", { label = "to out", stdio = { nil, 1, 1 } }):wait()
  proc.exec("echo one; echo two >&2", { label = "merged", stdout = "inherit", stderr = "stdout" })
    :wait()
  r = proc.pipeline({ "printf", "a\nb" }, { "cat" }, { label = "p", capture = false })
  assert(r.ok and r.stdout == nil)
  r = proc.pipeline({ "printf", "a\nb" }, string.upper,
    { label = "f", capture = { stdout = "tee" } })
  assert(r.stdout == "A\nB")
  local worker = proc.fork(%q, { label = "w" })
  assert(worker:wait().ok)
]]):format(check.write(check.tmp("worker.lua"), [[
  io.write("from ")
  io.write("the worker")
  io.stderr:write("its error")
]])))
assert(ran.code == 0, ran.err)
local to_out = ran.out:match("to out | [^m]*\n")
assert(to_out == "to out | one\nto out | two\n" or to_out == "to out | two\nto out | one\n")
check.eq(ran.out:gsub("to out | [^m]*\n", ""), [[
a | tee
50%1 | tail
50%1 | rest
s | spawned
e | executed
merged | one
merged | two
p | a
p | b
f | A
f | B
w | from the worker
]])
check.eq(ran.err, "w | its error\n")

-- a line without end is cut into lines that do not mix; empty lines have their label
ran = check.run [[
  require "procrun.proc".run("sh", { "-c", "head -c 2500000 /dev/zero | tr '\\0' x; echo; echo" },
    { label = "l", capture = false })
]]
local total, longest = 0, 0
for line in ran.out:gmatch("l | ([^\n]*)\n") do
  total, longest = total + #line, math.max(longest, #line)
end
assert(total == 2500000 and longest < 1200000 and ran.out:sub(-6) == "\nl | \n")

-- colour: forced, forbidden, and none where it is no terminal
local script = [[require "procrun.proc".run { "echo", "x", label = "c", capture = false }]]
local function coloured(variables)
  variables.PATH = os.getenv("PATH")
  return proc.run(process.exec_path, { "-e", script }, { env = variables }):check().stdout
end
check.eq(coloured {}, "c | x\n")
check.eq(coloured { FORCE_COLOR = "1" }, "\27[0;36mc | \27[0mx\n")
check.eq(coloured { FORCE_COLOR = "1", NO_COLOR = "1" }, "c | x\n")

check.raises("option 'label'", proc.run, "true", { label = 3 })
check.raises("option 'label'", proc.run, "true", { label = "a\nb" })
