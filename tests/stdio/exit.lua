-- Printed at the very end: in exit listeners, in __close, in finalizers while the state is closed.
local TEST <const> = [[
local stdout, write = process.stdout, io.write
process:on("exit", function() print "exit" end)
Kept = setmetatable({}, {__gc = function()
  print "gc" write("gc\n") stdout:write("gc\n") io.stdout:write(("z"):rep(200000), "\n")
  io.stderr:write("gc\n")
end})
local c <close> = setmetatable({}, {__close = function() print "close" end})
require "task".spawn(function()
  local d <close> = setmetatable({}, {__close = function() io.write("task\n") end})
  require "task".sleep(60)
end)
require "task".yield()
%s]]
local BIG <const> = ("z"):rep(200000)
for _, how in ipairs { "os.exit(0)", "process.exit()", [[error("boo", 0)]] } do
  local command = ("'%s' -e '%s' 2>&1 | { sleep 0.05; cat; }"):format(arg[-1], TEST:format(how))
  local pipe = assert(io.popen(command))
  local text = pipe:read("a"):gsub("procrun: boo\n.-\n(%l+\n)", "%1")
  pipe:close()
  local last = "exit\ngc\ngc\ngc\n" .. BIG .. "\ngc\n"
  local ok = text:sub(-#last) == last and text:find("close\n") and text:find("task\n")
  assert(ok, how .. ": " .. text:gsub(BIG, "BIG"))
end
