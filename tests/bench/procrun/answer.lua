-- answer.lua - a worker that answers each message with its own number and the message, until its
-- channel ends; for workers.lua.
local number = math.tointeger(arg[1])
for message in process:messages() do process:send { number, message } end
