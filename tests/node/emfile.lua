-- Descriptors have run out: spawn tells so, nothing is left behind, and later it works again.
local check = require "tests.lib.check"
local proc = require "proc"

local file = check.write(check.tmp "parent.lua", [[
  local proc = require "proc"
  assert(proc.run("true").ok)
  local held = {}
  repeat
    local file = io.open("/dev/null")
    held[#held + 1] = file
  until not file
  local child, message, code = proc.spawn("true")
  assert(child == nil and code == "EMFILE", tostring(message))
  assert(message:find "^spawn true: ", message)
  assert(proc.run("true").errno == "EMFILE")
  local told
  assert(proc.exec_file("true", function(err) told = err end) == nil)
  require "task".yield()
  assert(told.code == "EMFILE" and told.path == "true", tostring(told))
  for i = 1, 20 do held[i]:close() end
  assert(proc.spawn("true"):wait().ok)
  local free = 0
  repeat
    local file = io.open("/dev/null")
    free = free + 1
  until not file
  print(free > 15)
]])
local r = proc.run("sh", { "-c", "ulimit -n 64 && exec \"$0\" \"$1\"", process.exec_path, file })
check.eq(r.stderr, "")
check.eq(r.stdout, "true\n")
