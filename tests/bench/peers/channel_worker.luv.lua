-- channel_worker.luv.lua MODE N - the other side of channel.luv.lua, on descriptor 3.

local uv, cjson = require "luv", require "cjson"
local dir = arg[0]:match("^(.*)/")
local lines = dofile(dir .. "/luv_lines.lua")
local mode, n = arg[1], tonumber(arg[2])

local channel = uv.new_pipe(false)
channel:open(3)

local function send_all()
  for i = 1, n do
    channel:write(cjson.encode({ id = i, name = "worker", value = 3.25, ok = true }) .. "\n")
  end
end

if mode == "echo" then
  lines(channel, function(line) channel:write(cjson.encode(cjson.decode(line)) .. "\n") end,
    function() channel:close() end)
elseif mode == "flood" then
  channel:write("\"ready\"\n")
  lines(channel, send_all, function() channel:close() end)
else
  send_all()
  channel:shutdown(function() channel:close() end)
end
uv.run()
