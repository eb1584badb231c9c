-- goals.lua - whether a measured number reaches its goal. A goal is a list of conditions, each
--   {at_most = 1.6, of = "c"}    the value is at most 1.6 times that of another subject of the row
--   {at_least = 1000000}         or a number by itself
--   {at_least = 1, of = "peers"} the other runtimes that were measured
-- A condition whose other subject was not measured is left out.

local format = require "tests.bench.lib.format"

local M = {}

local PEERS = { node = true, bun = true, deno = true, python = true, luv = true }

local function text_of(condition)
  local sign = condition.at_most and "≤" or "≥"
  local bound = condition.at_most or condition.at_least
  if not condition.of then return ("%s %s"):format(sign, format.number(bound)) end
  local other = condition.of == "c" and "C" or condition.of
  return ("%s %.10g × %s"):format(sign, bound, other)
end

-- The bounds a condition means, one for each subject it speaks of.
local function bounds(condition, values)
  local factor = condition.at_most or condition.at_least
  if not condition.of then return { factor } end
  local list = {}
  for name, value in pairs(values) do
    local meant = name == condition.of or condition.of == "peers" and PEERS[name]
    if meant then list[#list + 1] = factor * value.median end
  end
  return list
end

--- judge(goal, values) -> reached, list of {text =, reached =}
--- `values` maps subjects to summaries. `reached` is nil when nothing could be compared, true when
--- every condition holds.
function M.judge(goal, values)
  local own, reached, list = values.procrun, nil, {}
  for i, condition in ipairs(goal or {}) do
    local entry = { text = text_of(condition) }
    for _, bound in ipairs(own and bounds(condition, values) or {}) do
      local good
      if condition.at_most then good = own.median <= bound else good = own.median >= bound end
      entry.reached = good and entry.reached ~= false
    end
    if entry.reached ~= nil then reached = entry.reached and reached ~= false end
    list[i] = entry
  end
  return reached, list
end

return M
