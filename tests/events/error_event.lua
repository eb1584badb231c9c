-- An 'error' event that nobody listens to is raised by emit, the error object untouched.
local events = require "procrun.events"

local e = events.new()
local err = { message = "broken", code = "EIO" }
local ok, got = pcall(e.emit, e, "error", err)
assert(not ok and rawequal(got, err))
ok, got = pcall(e.emit, e, "error", "text")
assert(not ok and got == "text")
ok, got = pcall(function() e:emit("error") end)
assert(not ok and got:find("error_event.lua:%d+: an 'error' event without a listener$"), got)

local seen
e:once("error", function(x) seen = x end)
assert(e:emit("error", err) == true and seen == err)
assert(not pcall(e.emit, e, "error", err))
