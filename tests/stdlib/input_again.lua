-- Standard input that has ended is asked again at the next call, as C does it; errors are Lua's.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local function run(script, options)
  options.stdout = "pipe"
  return assert(proc.run(process.exec_path, {"-e", script}, options):check().stdout)
end
-- A file that grows.
local name = check.write(check.tmp("grows"), "one\n")
check.eq(run(([[
  print(io.read(), io.read())
  local f <close> = io.open(%q, "a")
  f:write("two\n") f:flush()
  print(io.read(), io.read())
  f:write("3") f:flush()
  print(io.read("n"), io.read("n"), io.read(0))]]):format(name), {stdin = io.open(name)}),
  "one\tnil\ntwo\tnil\n3\tnil\tnil\n")
-- A directory.
local closed <close> = io.popen(("'%s' -e 'print(io.read()) print(pcall(io.lines()))' </")
  :format(process.exec_path))
check.eq(closed:read("a"), "nil\tIs a directory\t21\nfalse\tIs a directory\n")
-- What process.stdin is used for stops io.
check.has(run([[
  process.stdin:on("data", function() end)
  print(pcall(io.read))
  print(pcall(io.lines))]], {input = "x"}), "use one or the other")
