-- Large values decoded one after another, without a wait between, are collected.
local json = require "procrun.json"

local text = "[" .. ("1,"):rep(50000) .. "1]"
local before, most = collectgarbage "count", 0
for _ = 1, 40 do
  assert(#assert(json.decode(text)) == 50001)
  most = math.max(most, collectgarbage "count")
end
assert(most - before < 12000, most - before) -- kB; each takes 800
