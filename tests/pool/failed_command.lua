-- A command that has failed in a worker, and that nobody catches here, is told as anywhere: without
-- a traceback, and with the exit status of the command.

local check = require "tests.lib.check"

local worker = check.write(check.tmp "worker.lua", [[
local sh = require "sh"
return function(n)
  if n == 2 then sh.run "sh -c 'exit 7'" end
  return n
end]])
local r = check.run(('require("pool").new(%q, { size = 1 }):map { 1, 2 }'):format(worker))
check.eq(r.code, 7)
check.has(r.err, "worker.lua:3: exit status 7\n  command: sh -c 'exit 7'\n")
check.lacks(r.err, "traceback")
