-- pipeline.lua - programs joined by kernel pipes: no byte of what passes between them comes here.

local command = require "procrun.proc.command"
local pipe = require "procrun.pipe"
local result = require "procrun.proc.result"
local spawn = require "procrun.proc.spawn"
local task = require "procrun.core.task"

local M = {}

-- Options of the whole, which go to every stage, the first, or the last.
local FIRST = {input = true, stdin = true}
local LAST = {stdout = true, capture = true}

local function read_stages(...)
  local list, options = table.pack(...), {}
  if list.n > 1 and type(list[list.n]) == "table" and command.has_only_names(list[list.n]) then
    options, list.n = list[list.n], list.n - 1
  end
  if list.n == 0 then error("pipeline: at least one command table expected", 3) end
  local stages = {}
  for i = 1, list.n do
    if type(list[i]) ~= "table" then
      error(("bad argument #%d to 'pipeline' (command table expected, got %s)"):format(i, type(list[i])), 3)
    end
    local file, args, o = command.parse("pipeline", list[i])
    stages[i] = {file = file, args = args, options = o}
  end
  return stages, options
end

local function spread_options(stages, options)
  local _, _, whole = command.parse("pipeline", "true", nil, options)
  for i, stage in ipairs(stages) do
    for key, value in pairs(whole) do
      local fits = not (FIRST[key] and i > 1) and not (LAST[key] and i < #stages)
      if fits and stage.options[key] == nil then stage.options[key] = value end
    end
  end
end

local function start_stages(stages, children)
  local reader
  for i, stage in ipairs(stages) do
    local o, last = stage.options, i == #stages
    local writer
    if reader then o.stdin = reader end
    reader = nil
    if not last then
      reader, writer = pipe.new()
      o.stdout = writer
    end
    o.capture = o.capture == nil and true or o.capture
    local default = {[0] = "ignore", "pipe", "pipe"}
    local child, message, code = spawn.start("pipeline", stage.file, stage.args, o, default)
    if not child then
      if reader then reader:close() end
      for _, s in ipairs {o.stdin, o.stdout} do
        if type(s) == "table" then s:close() end
      end
      return nil, message, code, i
    end
    children[i] = child
  end
  return true
end

-- SIGPIPE before the last stage only says that a later one had enough.
local function stage_ok(r, is_last)
  if r.ok then return true end
  return not is_last and not r.timed_out and not r.errno and (r.signal == "SIGPIPE" or r.code == 141)
end

local function combine(stages, results)
  local last = results[#results]
  local texts, stderr = {}, {}
  local r = {ok = true, stages = results, stdout = last.stdout, seconds = 0, timed_out = false,
    code = last.code, signal = last.signal, usage = {cpu_user = 0, cpu_system = 0, peak_rss = 0}}
  for i, one in ipairs(results) do
    texts[i] = one.command
    stderr[i] = one.stderr or ""
    r.seconds = math.max(r.seconds, one.seconds)
    r.usage.cpu_user = r.usage.cpu_user + one.usage.cpu_user
    r.usage.cpu_system = r.usage.cpu_system + one.usage.cpu_system
    r.usage.peak_rss = math.max(r.usage.peak_rss, one.usage.peak_rss)
    one.ok = stage_ok(one, i == #results)
    if not one.ok and r.ok then
      r.ok, r.stage, r.code, r.signal = false, i, one.code, one.signal
      r.timed_out, r.errno = one.timed_out, one.errno
    end
  end
  r.command, r.stderr, r.argv = table.concat(texts, " | "), table.concat(stderr), stages[1].argv
  local whole = result.new(r)
  if not whole.ok then whole.error = tostring(whole) end
  return whole
end

local function command_of(stages)
  local texts = {}
  for i, stage in ipairs(stages) do texts[i] = command.show {stage.file, table.unpack(stage.args)} end
  return table.concat(texts, " | ")
end

-- Ends what still runs, all stages at once, when the pipeline is left by an error or a cancel.
local function end_all(children)
  local tasks = {}
  for i, child in ipairs(children) do
    tasks[i] = task.spawn(function() local _ <close> = child end)
  end
  for _, t in ipairs(tasks) do t:wait() end
end

--- pipeline({file, ...}, {file, ...}, ..., [options]) -> result
function M.pipeline(...)
  local stages, options = read_stages(...)
  spread_options(stages, options)
  local children = setmetatable({}, {__close = end_all})
  local guard <close> = children
  local ok, message, code, failed = start_stages(stages, children)
  if not ok then
    return result.new {ok = false, error = message, errno = code, stdout = "", stderr = "", stage = failed,
      command = command_of(stages), argv = {}, seconds = 0, timed_out = false}
  end
  local results = {}
  for i, child in ipairs(children) do results[i] = child:wait() end
  return combine(stages, results)
end

return M
