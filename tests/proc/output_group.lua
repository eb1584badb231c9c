-- output = "group": held until the end, written whole, in order; spilled when it is much.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

-- jobs side by side: each whole
local ran = check.run [[
  local proc, task = require "procrun.proc", require "procrun.task"
  task.map({ 1, 2, 3, 4, 5, 6 }, 6, function(i)
    local r = proc.run({ "sh", "-c",
      "for i in 1 2 3; do echo $0.$i; sleep 0.01; done; printf $0.e\\\\n", i,
      capture = false, output = "group" })
    assert(r.ok and r.stdout == nil)
  end)
]]
assert(ran.code == 0, ran.err)
local seen = 0
for a, b, c, d in ran.out:gmatch("(%d)%.1\n(%d)%.2\n(%d)%.3\n(%d)%.e\n") do
  assert(a == b and b == c and c == d)
  seen = seen + 1
end
assert(seen == 6 and #ran.out == 6 * 16, ran.out)

-- nothing before the end; stderr apart; kept as well; with a label; of a pipeline as one
ran = check.run [[
  local proc, task = require "procrun.proc", require "procrun.task"
  local child = assert(proc.spawn("sh", { "-c", "echo held; echo err >&2; read x; printf end" },
    { stdin = "pipe", stdout = "inherit", stderr = "inherit", output = "group" }))
  print "first"
  child.stdin:finish("go\n")
  assert(child:wait().ok)
  print()
  local r = proc.run { "sh", "-c", "echo a; echo b >&2", output = "group", capture = "tee" }
  assert(r.stdout == "a\n" and r.stderr == "b\n")
  proc.run { "printf", "x\ny", output = "group", label = "l", capture = false }
  local job = proc.start_pipeline({ "sh", "-c", "echo one >&2; echo two" },
    { "sh", "-c", "echo three >&2; cat" }, function(line)
      print("passing " .. line)
      return line
    end, { output = "group", capture = false })
  assert(job:wait().ok)
]]
assert(ran.code == 0, ran.err)
check.eq(ran.out, "first\nheld\nend\na\nl | x\nl | y\npassing two\ntwo\n")
assert(ran.err == "err\nb\none\nthree\n" or ran.err == "err\nb\nthree\none\n", ran.err)

-- much: in a temporary file, of which nothing is left; memory stays small
local dir = check.tmp("spill")
assert(require "procrun.fs".mkdir(dir))
ran = check.run(([[
  local proc, fs = require "procrun.proc", require "procrun.fs"
  process.env.TMPDIR = %q
  local child = assert(proc.spawn("sh", { "-c", "seq 1000000; echo no >&2; read x; seq 5" },
    { stdin = "pipe", stdout = "inherit", stderr = "inherit", output = "group" }))
  local function has_file()
    for fd = 3, 40 do
      local path = fs.readlink("/proc/self/fd/" .. fd) or ""
      if path:find(process.env.TMPDIR, 1, true) and path:find("deleted") then return true end
    end
  end
  while not has_file() do require "procrun.task".sleep(0.01) end
  assert(#fs.glob(process.env.TMPDIR .. "/*") == 0)
  print "before"
  child.stdin:finish("go\n")
  assert(child:wait().ok)
  collectgarbage()
  assert(collectgarbage("count") < 4000)
]]):format(dir))
assert(ran.code == 0, ran.err)
check.eq(ran.err, "no\n")
check.eq(#ran.out, 7 + 6888896 + 10)
check.eq(ran.out:sub(1, 9), "before\n1\n")
check.eq(ran.out:sub(-18), "1000000\n1\n2\n3\n4\n5\n")

-- no room for it: it is shown then, and nothing is lost
ran = check.run [[
  process.env.TMPDIR = "/nonexistent"
  local r = require "procrun.proc".run { "seq", 1000000, output = "group", capture = false }
  assert(r.ok)
]]
assert(ran.code == 0, ran.err)
check.eq(#ran.out, 6888896)

check.raises("option 'output'", proc.run, "true", { output = "all" })
