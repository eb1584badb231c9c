-- Where Lua cannot yield, io.read blocks; what was printed before it is out by then.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local child = proc.spawn(process.exec_path, {"-e", [[
  local _ = ("ab"):gsub(".", function(letter)
    io.write(letter, "? ")
    print(io.read("l"))
  end)]]})
for _, letter in ipairs {"a", "b"} do
  check.eq(child.stdout:read(3), letter .. "? ")
  child.stdin:write("to " .. letter .. "\n")
  check.eq(child.stdout:read(), "to " .. letter)
end
check.eq(child:wait().code, 0)
