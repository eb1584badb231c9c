-- pipeline.lua - programs joined by kernel pipes: no byte of what passes between them comes here.

local command = require "procrun.proc.command"
local misuse = require "procrun.events.misuse"
local no_usage = require "procrun.core.process".no_usage
local pipe = require "procrun.pipe"
local result = require "procrun.proc.result"
local spawn = require "procrun.proc.spawn"
local stdio = require "procrun.proc.stdio"
local task = require "procrun.task"

local M = {}

-- Options that only the first or only the last stage can have, given for the whole or for a stage.
local FIRST = { input = true, stdin = true }
local LAST = { stdout = true }
local NONE = { stdio = true, channel = true } -- what would break a pipe between two stages

local function read_stages(...)
  local list, whole = table.pack(...), {}
  if list.n > 1 and type(list[list.n]) == "table" and command.has_only_names(list[list.n]) then
    local _
    _, _, whole = command.parse("pipeline", "options", nil, list[list.n])
    list.n = list.n - 1
  end
  local stages = {}
  for i = 1, math.max(list.n, 1) do
    if type(list[i]) ~= "table" then
      misuse("bad argument #%d to 'pipeline' (command table expected, got %s)", i,
        i > list.n and "nothing" or type(list[i]))
    end
    local file, args, o = command.parse("pipeline", list[i])
    stages[i] = { file = file, args = args, options = o, command = spawn.shown(file, args, o) }
  end
  return stages, whole
end

local function check_options(o, i, last)
  for name in pairs(o) do
    if NONE[name] or FIRST[name] and i > 1 or LAST[name] and i < last then
      local where = NONE[name] and "no stage" or FIRST[name] and "only the first" or "only the last"
      misuse("pipeline: option '%s' of stage %d: %s can have it", name, i, where)
    end
  end
end

local function spread_options(stages, whole)
  for i, stage in ipairs(stages) do
    check_options(stage.options, i, #stages)
    for name, value in pairs(whole) do
      local fits = not (FIRST[name] and i > 1) and not (LAST[name] and i < #stages)
      if fits and stage.options[name] == nil then stage.options[name] = value end
    end
    check_options(stage.options, i, #stages)
    if stage.options.capture == nil then stage.options.capture = true end
  end
end

-- Leaving: every end that is ours is closed, then all stages that still run are ended at once.
local function leave(self)
  for _, s in ipairs(self.ends) do s:close() end
  local tasks = {}
  for i, child in ipairs(self.children) do
    tasks[i] = task.spawn(function() local _ <close> = child end)
  end
  for _, t in ipairs(tasks) do t:wait() end
end

-- Starts one stage. reader is the end of the pipe from the stage before; returned is the next one.
local function start_stage(self, stage, reader, is_last)
  local o, writer, next_reader = stage.options, nil, nil
  if not is_last then
    local code
    next_reader, writer, code = pipe.new()
    if not next_reader then return nil, "pipeline: " .. writer, code end
    table.move({ next_reader, writer }, 1, 2, #self.ends + 1, self.ends)
    o.stdout = writer
  end
  if reader then o.stdin = reader end
  local child, message, code = spawn.start("pipeline", stage.file, stage.args, o, stdio.CAPTURE)
  if reader then reader:close() end -- also where keep_open left them open
  if writer then writer:close() end
  if not child then return nil, message, code end
  self.children[#self.children + 1] = child
  return next_reader or true
end

local function start_stages(self, stages)
  local reader
  for i, stage in ipairs(stages) do
    local message, code
    reader, message, code = start_stage(self, stage, reader, i == #stages)
    if not reader then
      local argv = { stage.file, table.unpack(stage.args) }
      return result.failed(spawn.program(stage.file, stage.options), argv, stage.command, message,
        code)
    end
  end
end

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

-- The results of the stages as one: the status is that of the first bad stage, else of the last.
local function combine(stages, results)
  local last, commands, stderr = results[#results], {}, {}
  local r = {
    ok = true, stages = results, stdout = last.stdout, seconds = 0, timed_out = false,
    code = last.code, signal = last.signal, argv = results[1].argv,
    usage = no_usage(),
  }
  for i, stage in ipairs(stages) do commands[i] = stage.command end
  for i, one in ipairs(results) do
    stderr[i] = one.stderr or ""
    r.seconds = math.max(r.seconds, one.seconds)
    add_usage(r.usage, one.usage)
    one.ok = stage_ok(one, i == #stages)
    if one.ok then
      one.error = nil
    elseif r.ok then
      r.ok, r.stage, r.code, r.signal = false, i, one.code, one.signal
      r.timed_out, r.errno, r.stopped, r.path = one.timed_out, one.errno, one.stopped, one.path
      r.limit, r.timeout = one.limit, one.timeout
    end
  end
  r.command, r.stderr = table.concat(commands, " | "), table.concat(stderr)
  result.new(r)
  if r.path then r.error = results[r.stage].error elseif not r.ok then r.error = tostring(r) end
  return r
end

-- All at once: each may write more than max_buffer, or run out of time, while the others go on.
local function wait_all(self)
  local waits = {}
  for i, child in ipairs(self.children) do
    waits[i] = function() return (child:wait()) end
  end
  local results = task.all(waits)
  results.n = nil
  return results
end

local function run_stages(stages)
  local self <close> = setmetatable({ ends = {}, children = {} }, { __close = leave })
  local failed = start_stages(self, stages)
  if not failed then return wait_all(self) end
  leave(self) -- the others cannot do their work
  local results = wait_all(self)
  for i, one in ipairs(results) do
    if self.children[i].killed then one.ok, one.error = true, nil end -- it is not they who failed
  end
  results[#results + 1] = failed
  return results
end

--- pipeline({file, ...}, {file, ...}, ..., [options]) -> result
function M.pipeline(...)
  local stages, whole = read_stages(...)
  spread_options(stages, whole)
  return combine(stages, run_stages(stages))
end

return M
