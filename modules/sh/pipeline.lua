-- pipeline.lua - several programs, functions and bytes as one command; :to, :append and :from of
-- any. What proc's pipeline does, with the words of a plan.

local M = {}

-- A stage as proc has it: a command table, a function, or bytes in the first place.
local function to_stage(stage)
  if stage.filter then return stage.filter end
  if stage.data then return { input = stage.data } end
  local list = table.move(stage.argv, 1, #stage.argv, 1, {})
  for name, value in pairs(stage.options) do
    if name ~= "ok" then list[name] = value end
  end
  list.visible = stage.visible
  return list
end

--- start(fname, plan, kind of the verb, options for proc) -> job
function M.start(fname, plan, kind, o)
  local stages = {}
  for i, stage in ipairs(plan.stages) do stages[i] = to_stage(stage) end
  local first, last = plan.stages[1], plan.stages[#plan.stages]
  if o.stdin == nil and not first.data and not (first.options and first.options.input) then
    o.stdin = kind.stdin
  end
  if o.stdout == nil and not (last.options and last.options.stdout) then o.stdout = kind.stdout end
  if o.stderr == nil then o.stderr = kind.stderr end
  local capture = o.capture or false
  if type(capture) == "table" then capture = { stdout = capture[1], stderr = capture[2] } end
  o.capture = capture
  stages[#stages + 1] = o
  return require "procrun.proc.pipeline".start(fname, table.unpack(stages))
end

local function accepts(codes, code)
  for i = 1, #codes do
    if codes[i] == code then return true end
  end
  return false
end

local OF_THE_BAD <const> = { "code", "signal", "timed_out", "errno", "stopped", "path", "step",
  "limit", "timeout", "problem" }

local function judge(r)
  local bad
  for i, one in ipairs(r.stages) do
    if not one.ok then
      bad = i
      break
    end
  end
  r.ok, r.stage = bad == nil, bad
  local one = r.stages[bad or #r.stages]
  for _, name in ipairs(OF_THE_BAD) do r[name] = one[name] end
  r.timed_out = r.timed_out or false
end

--- finish(plan, result): the names are those that may be shown; codes that the option ok of a stage
--- lists are no failure
function M.finish(plan, r)
  local has_codes
  for i, one in ipairs(r.stages) do
    local stage = plan.stages[i]
    local codes = stage.options and stage.options.ok
    one.command = stage.shown
    if codes and one.code and not one.signal and not one.errno then
      has_codes = true
      one.ok = accepts(codes, one.code)
      one.error = nil
    end
  end
  if has_codes then judge(r) end
  r.command, r.argv = plan.shown, r.stages[1].argv
  r.error = not r.ok and (r.path and r.error or tostring(r)) or nil
end

return M
