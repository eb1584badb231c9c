-- What is printed first when no descriptor is left goes out all the same, to a pipe that is slow.
local check = require "tests.lib.check"
local proc = require "proc"

local file = check.write(check.tmp "printer.lua", [[
  local held = {}
  repeat
    local file = io.open("/dev/null")
    held[#held + 1] = file
  until not file
  for i = 1, 20000 do print(i, "a line of some length") end
  io.write "last\n"
  io.stderr:write(("e"):rep(100000), "\n")
]])
local r = proc.run("bash", { "--norc", "-c", [[set -o pipefail
  (ulimit -n 64; exec "$0" "$1" 2> >(sleep 0.1; wc -c >&2)) | (sleep 0.1; cat)]],
  process.exec_path, file })
check.eq(r.code, 0)
check.eq(r.stdout:sub(-5), "last\n")
check.eq(select(2, r.stdout:gsub("\n", "")), 20001)
check.eq(tonumber(r.stderr), 100001)
