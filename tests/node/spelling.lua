-- Node's spelling of what is here raises and says ours; other names that are absent are nil.
local check = require "tests.lib.check"
local net = require "net"
local proc = require "proc"

local function at_line(text, fn)
  local err = tostring(check.raises(text, fn))
  assert(err:find("spelling.lua:", 1, true), "it does not point here: " .. err)
end

at_line("process.exitCode: it is called 'exit_code' here", function() process.exitCode = 3 end)
at_line("process.exitCode: it is called 'exit_code' here", function() return process.exitCode end)
at_line("process.execPath: it is called 'exec_path' here", function() return process.execPath end)
at_line("process.listenerCount: it is called 'listener_count'",
  function() return process.listenerCount("exit") end)
at_line("proc.execFile: it is called 'exec_file' here", function() proc.execFile("true") end)
at_line("net.createServer: it is called 'create_server' here", function() net.createServer() end)

for _, child in ipairs { assert(proc.spawn("true")), assert(proc.popen_async("true")) } do
  at_line("child.exitCode: it is called 'exit_code' here", function() return child.exitCode end)
  at_line("child.listenerCount: it is called", function() return child.listenerCount end)
  child:wait()
  assert(child.nonsuch == nil and child.someName == nil and child._own == nil and child[1] == nil)
  child._own = 1
  assert(child._own == 1)
end

for _, name in ipairs { "nonsuch", "someName", "PATH", "Run", "_own", 1, true } do
  assert(process[name] == nil and proc[name] == nil and net[name] == nil)
end
process.someName = 1
assert(process.someName == 1)
assert(check.run("process.exitCode = 3").code == 1)
