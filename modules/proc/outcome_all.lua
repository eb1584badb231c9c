-- outcome_all.lua - the results of the stages of a pipeline as one.

local no_usage = require "procrun.core.process".no_usage
local new_result = require "procrun.proc.result".new

local M = {}

-- SIGPIPE before the last stage only says that a later one had enough; 141 is how a shell says it.
local function stage_ok(r, is_last)
  if r.ok then return true end
  return not is_last and not r.errno and (r.signal == "SIGPIPE" or r.code == 141)
end

local function add_usage(total, one)
  for name, value in pairs(one) do
    total[name] = name == "peak_rss" and math.max(total[name], value) or total[name] + value
  end
end

-- What the first bad stage tells of the whole.
local TOLD <const> = {
  "code", "signal", "timed_out", "errno", "stopped", "path", "limit", "timeout", "problem", "step",
}

--- combine(stages, results) -> result: the status is that of the first bad stage, else of the last
function M.combine(stages, results)
  local last, commands, stderr = results[#results], {}, {}
  local r = {
    ok = true, stages = results, stdout = last.stdout, seconds = 0, timed_out = false,
    code = last.code, signal = last.signal, argv = results[1].argv, usage = no_usage(),
  }
  for _, stage in ipairs(stages) do
    if not stage.data then commands[#commands + 1] = stage.command end
  end
  for i, one in ipairs(results) do
    stderr[#stderr + 1] = one.stderr
    r.seconds = math.max(r.seconds, one.seconds)
    add_usage(r.usage, one.usage)
    one.ok = stage_ok(one, i == #stages)
    if one.ok then
      one.error = nil
    elseif r.ok then
      r.ok, r.stage = false, i
      for _, name in ipairs(TOLD) do r[name] = one[name] end
    end
  end
  r.command, r.stderr = table.concat(commands, " | "), stderr[1] and table.concat(stderr)
  new_result(r)
  if r.path then r.error = results[r.stage].error elseif not r.ok then r.error = tostring(r) end
  return r
end

--- of_data(stage) -> result
function M.of_data(stage)
  return new_result { ok = true, code = 0, command = stage.command, argv = stage.argv, seconds = 0,
    timed_out = false, usage = no_usage() }
end

--- of_filter(stage, filter, is_last) -> result of one of the functions of a filter
function M.of_filter(stage, filter, is_last)
  local ok = not filter.errno and not filter.problem
  local r = new_result {
    ok = ok, code = ok and 0 or nil, command = stage.command, argv = stage.argv,
    seconds = filter.seconds or 0, timed_out = filter.timed_out or false, errno = filter.errno,
    timeout = filter.timed_out and stage.options.timeout or nil, problem = filter.problem,
    usage = no_usage(),
  }
  if is_last and filter.sink.take then r.stdout = filter.sink:take() end
  if not ok then r.error = tostring(r) end
  return r
end

return M
