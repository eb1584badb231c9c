-- pipeline.lua - programs joined by kernel pipes, and functions between them: what starts them.
-- No byte of what passes from program to program comes here.

local new_job = require "procrun.proc.job".new
local pipe = require "procrun.pipe"
local read_stages = require "procrun.proc.stages".read
local result = require "procrun.proc.result"
local spawn = require "procrun.proc.spawn"
local stdio = require "procrun.proc.stdio"

local M = {}

local MAX_LINE <const> = 1024 * 1024

-- A pipe whose ends are closed with the job at the latest.
local function new_pipe(job)
  local reader, writer, code = pipe.new()
  if not reader then return nil, job._fname .. ": " .. writer, code end
  table.move({ reader, writer }, 1, 2, #job._ends + 1, job._ends)
  return reader, writer
end

-- The end of the pipe that the next stage reads | true after the last one | nil, message, code
local function start_program(job, i, _, reader)
  local stage, o, is_last = job._stages[i], job._stages[i].options, i == #job._stages
  local writer, next_reader = nil, nil
  if not is_last then
    local code
    next_reader, writer, code = new_pipe(job)
    if not next_reader then return nil, writer, code end
    o.stdout = writer
  end
  if reader then o.stdin = reader end
  local default = o.capture == true and stdio.CAPTURE or stdio.SHOW
  local child, message, code, step = spawn.start(job._fname, stage.file, stage.args, o, default)
  if reader then reader:close() end -- also where keep_open left them open
  if writer then writer:close() end
  if not child then return nil, message, code, step end
  job.children[#job.children + 1] = child
  stage.child = child
  return next_reader or true
end

local function source_of(job, i, reader)
  local ends, o = require "procrun.proc.filter_ends", job._stages[i].options
  if reader then return ends.of_stream(reader) end
  if o.input then return ends.of_bytes(o.input) end
  if o.stdin ~= "pipe" then return ends.source(job._fname, o.stdin, o.keep_open) end
  local ours, writer, code = new_pipe(job)
  if not ours then return nil, writer, code end
  job.stdin = writer
  return ends.of_stream(ours)
end

local function last_sink(job, o)
  local mode = o.capture == true or o.capture and o.capture[1]
  local said = o.stdout
  if said == nil or said == false or said == "pipe" and mode then
    return require "procrun.proc.shown".keeper(mode or "show", o.max_buffer or spawn.MAX_BUFFER, o)
  elseif said == "inherit" or said == 1 then
    return require "procrun.proc.shown".keeper("show", 0, o)
  end
  local ends = require "procrun.proc.filter_ends"
  if said ~= "pipe" then return ends.sink(job._fname, said, o.keep_open) end
  local reader, writer, code = new_pipe(job)
  if not reader then return nil, writer, code end
  job.stdout = reader
  return ends.to_stream(writer)
end

-- The functions from stage i to `last`: one filter.
local function start_filter(job, i, last, reader)
  local o, functions = job._stages[i].options, {}
  local source, sink, code, next_reader
  source, sink, code = source_of(job, i, reader)
  if not source then return nil, sink, code end
  if last == #job._stages then
    sink, next_reader, code = last_sink(job, job._stages[last].options)
  else
    next_reader, sink, code = new_pipe(job)
    if next_reader then
      sink = require "procrun.proc.filter_ends".to_stream(sink)
    else
      sink, next_reader = nil, sink
    end
  end
  if not sink then return nil, next_reader, code end
  for at = i, last do functions[#functions + 1] = job._stages[at].fn end
  local filter = require "procrun.proc.filter".start {
    functions = functions, first = i, source = source, sink = sink, crew = job._crew,
    max_line = o.max_line or MAX_LINE, is_last = last == #job._stages, on_end = job._on_filter_end,
  }
  if o.timeout and o.timeout > 0 then filter:limit(o.timeout) end
  for at = i, last do job._stages[at].filter = filter end
  return next_reader or true
end

local function last_of_filter(stages, i)
  while stages[i].fn and stages[i + 1] and stages[i + 1].fn do i = i + 1 end
  return i
end

-- stderr = 'pipe' of several programs: one pipe for all, which belongs to the last of them.
local function share_stderr(job)
  local programs = {}
  for _, stage in ipairs(job._stages) do
    if stage.file then
      local o = stage.options
      if o.stderr ~= "pipe" or o.capture == true or o.capture and o.capture[2] then return true end
      programs[#programs + 1] = stage
    end
  end
  if #programs < 2 then return true end
  local reader, writer, code = new_pipe(job)
  if not reader then return nil, writer, code end
  local fd = writer._core:give()
  for _, stage in ipairs(programs) do stage.options.stderr = fd end
  job._stderr = { reader = reader, writer = writer, owner = programs[#programs] }
  return true
end

local function own_stderr(job)
  local shared = job._stderr
  if not shared then return end
  shared.writer:close()
  shared.owner.child._streams[2] = shared.reader._core
end

local function start_all(job)
  local stages, i, reader = job._stages, 1, nil
  if stages[1].data then
    stages[2].options.input = stages[1].data
    i = 2
  end
  while i <= #stages do
    local last = last_of_filter(stages, i)
    local start = stages[i].fn and start_filter or start_program
    local next_reader, message, code, step = start(job, i, last, reader)
    if not next_reader then return i, message, code, step end
    reader = next_reader ~= true and next_reader or nil
    i = last + 1
  end
end

local function not_started(stage, ...)
  local file = stage.file and spawn.program(stage.file, stage.options) or stage.command
  return result.failed(file, stage.options.visible or stage.argv, stage.command, ...)
end

-- Whatever ends the start: a misuse that raises, a cancel; then nothing is left running.
local guard_meta = { __close = function(guard, err)
  if err ~= nil then guard[1]:_leave() end
end }

-- output = "group": what all of them write is one group.
local function share_group(stages)
  local held
  for _, stage in ipairs(stages) do
    if stage.options.output == "group" then
      if not held then
        held = require "procrun.proc.held".new()
        held:hold()
      end
      stage.options.held = held
    end
  end
  return held
end

--- start(fname, stage, ..., [options]) -> job; and message, code if a stage cannot be started: then
--- job:wait() gives the result that says so
function M.start(fname, ...)
  local job = new_job(fname, read_stages(fname, ...))
  local _ <close> = setmetatable({ job }, guard_meta)
  local held = share_group(job._stages)
  local _ <close> = held and setmetatable({}, { __close = function() held:release() end })
  local at, step
  local ok, message, code = share_stderr(job)
  if ok then at, message, code, step = start_all(job) else at = 1 end
  if at then
    job._broken = { at = at, result = not_started(job._stages[at], message, code, step) }
    job:_leave() -- the others cannot do their work
    return job, message, code
  end
  own_stderr(job)
  return job
end

--- start_pipeline(stage, ..., [options]) -> job | nil, message, code
function M.start_pipeline(...)
  local job, message, code = M.start("start_pipeline", ...)
  if message then return nil, message, code end
  return job
end

--- pipeline(stage, ..., [options]) -> result. A stage: {file, ...}, function, or first {input = ""}
function M.pipeline(...)
  local job <close> = M.start("pipeline", ...)
  return (job:wait())
end

return M
