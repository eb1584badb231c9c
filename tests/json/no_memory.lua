-- Decoding that ran out of memory, however often and wherever, is no hindrance to later decoding.
-- build: no-sanitize no-gc-stress
local json = require "procrun.json"

if arg[1] ~= "limited" then
  local command = "ulimit -v 150000 && exec '%s' '%s' limited"
  assert(os.execute(command:format(process.exec_path, arg[0])))
  return
end

local large = "[" .. ("[1],"):rep(400000) .. "1]"

-- Calls f with this many calls between it and its caller, in C, too.
local function call_below(depth, f)
  if depth == 0 then return f() end
  return select(2, pcall(call_below, depth - 1, f))
end

local function fill()
  local kept = {}
  repeat kept[#kept + 1] = assert(json.decode(large)) until false
end

for depth = 0, 60, 10 do
  assert(call_below(depth, function() return not pcall(fill) end))
end
collectgarbage()
assert(call_below(100, function() return json.decode "[7]" end)[1] == 7)
