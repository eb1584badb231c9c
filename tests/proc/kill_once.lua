-- kill_tree and <close>: each process gets the signal once, also one that leads a group of its own.
-- A second one would make many a program end at once.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

-- counts the signals; each is told when it has been dealt with
local script = check.write(check.tmp("count.lua"), [[
  local task = require "procrun.task"
  local count = 0
  process:on("SIGTERM", function()
    count = count + 1
    print("SIGTERM " .. count)
  end)
  process:on("SIGHUP", function()
    print("end " .. count)
    os.exit(0)
  end)
  print("ready")
  task.sleep(60)
]])

for _, options in ipairs { { group = true }, { group = false }, { detached = true } } do
  for _ = 1, 10 do
    local child <close> = assert(proc.spawn(process.exec_path, { script }, options))
    assert(child.stdout:read() == "ready")
    assert(child:kill_tree())
    assert(child.stdout:read() == "SIGTERM 1")
    assert(child:kill("HUP"))
    check.eq(child.stdout:read(), "end 1")
    assert(child:wait(10).ok)
  end
end

-- and one of the group whom no parent leads to gets it
local child <close> = assert(proc.spawn("sh", { "-c",
  [[(sh -c 'trap "echo orphan; exit" TERM; echo ready; read line' <&3 &) 3<&0; read line]] },
  { group = true }))
assert(child.stdout:read() == "ready")
assert(child:kill_tree())
assert(child.stdout:read() == "orphan")
