-- os.execute waits as a task, and gives what Lua's own gives.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"

local values = check.values
values({os.execute("true")}, true, "exit", 0)
values({os.execute("exit 7")}, nil, "exit", 7)
values({os.execute("kill -TERM $$")}, nil, "signal", 15)
values({os.execute()}, true)
values({os.execute("exit 3\0 exit 4")}, nil, "exit", 3) -- as C has it
check.eq(debug.getinfo(os.execute).what, "C")
check.raises("bad argument #1 to 'execute' (string expected, got table)", function()
  os.execute({})
end)

-- Others go on: the command waits for what another task does meanwhile.
local flag = check.tmp("flag")
local t = task.spawn(function() check.write(flag, "") end)
values({os.execute(("until [ -e '%s' ]; do sleep 0.01; done"):format(flag))}, true, "exit", 0)
t:wait()

-- In coroutines, and many at once.
local co = coroutine.wrap(function() return os.execute("exit 5") end)
values({co()}, nil, "exit", 5)
local codes = task.map({1, 2, 3, 4, 5}, 5, function(i)
  local _, _, code = os.execute("exit " .. i)
  return code
end)
check.eq(table.concat(codes, " "), "1 2 3 4 5")

-- Our standard input, output and error, our environment and our directory are the command's.
process.env.WORD = "word"
local r = proc.run(process.exec_path, {"-e", [[
  print("before")
  os.execute("cat; echo $WORD; pwd; echo err >&2; cat /proc/$$/stat >&2")
  print("after")]]}, {input = "typed\n", cwd = "/"})
check.eq(r.stdout, "before\ntyped\nword\n/\nafter\n")
check.has(r.stderr, "err\n")
-- The command stays in our process group: the terminal is its, too.
check.eq(r.stderr:match("%) %a %d+ (%d+)"), tostring(r.pid))

-- Where Lua cannot yield it blocks.
table.sort({1, 2}, function(a, b)
  values({os.execute("exit 2")}, nil, "exit", 2)
  return a < b
end)
