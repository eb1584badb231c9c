-- A signal that cannot be caught is an error where `on` was called; an emitter keeps its own hook.
local events = require "procrun.events"
local listen = require "procrun.signal.listen"

local heard = {}
local e = events.extend({ _listening = function(_, name, count) heard[name] = count end })
listen(e)
local ok, err = pcall(function() e:on("SIGKILL", print) end)
assert(not ok and err:find("listen_refused.lua:%d+: signal: SIGKILL cannot be caught"), err)
assert(e:listener_count("SIGKILL") == 0)
e:on("message", print)
assert(heard.message == 1 and heard.SIGKILL == nil)
