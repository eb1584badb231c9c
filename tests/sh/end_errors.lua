-- A mistake of Lua in what defer or undo does at the end of a block hides neither the error that
-- has ended it nor its status.
local check = require "tests.lib.check"
local sh = require "procrun.sh"

local _, e = pcall(function()
  local _ <close> = sh.defer(function() local t = nil; return t.x end)
  sh.run { "sh", "-c", "exit 22" }
end)
check.has(e.message, "attempt to index a nil value")
check.eq(e.during.exit_code, 22)
check.matches(tostring(e), "end_errors%.lua:7: attempt .*\nwhile ending after:\n.*exit status 22")

_, e = pcall(function()
  local _ <close> = sh.undo(error, 0)
  local _ <close> = sh.defer(error, "second", 0)
  error("first", 0)
end)
check.eq(e.during, "first")

local r = check.run [[
local sh = require "sh"
local _ <close> = sh.defer(function() error "in the end" end)
sh.run { "sh", "-c", "exit 22" }
]]
check.eq(r.code, 22, r.err)
check.has(r.err, "in the end")
check.has(r.err, "exit status 22")

-- Leaving goes on through it.
r = check.run [[
local sh = require "sh"
local _ <close> = sh.defer(os.exit, 9)
sh.run "false"
]]
check.eq(r.code, 9, r.err)
