-- stages.lua - what a script hands to pipeline and start_pipeline: stages and options, checked.

local command = require "procrun.proc.command"
local misuse = require "procrun.events.misuse"
local spawn = require "procrun.proc.spawn"

local M = {}

-- Options that only the first or only the last stage can have, given for the whole or for a stage.
local FIRST = { input = true, stdin = true }
local LAST = { stdout = true }
local NONE = { stdio = true, channel = true } -- what would break a pipe between two stages

local function of_function(fn)
  local info = debug.getinfo(fn, "S")
  local where = info.what == "C" and "C" or info.short_src .. ":" .. info.linedefined
  return { fn = fn, options = {}, argv = {}, command = ("function <%s>"):format(where) }
end

-- {input = "bytes"}, in the first place
local function of_data(fname, t)
  for name in pairs(t) do
    if name ~= "input" then
      misuse("%s: stage 1: a program, or {input = bytes} alone expected, not '%s'", fname, name)
    end
  end
  if type(t.input) ~= "string" then
    misuse("%s: stage 1: input: string expected, got %s", fname, type(t.input))
  end
  local shown = ("%d bytes"):format(#t.input)
  return { data = t.input, options = {}, argv = {}, command = shown }
end

local function of_command(fname, t)
  local file, args, o = command.parse(fname, t)
  return { file = file, args = args, options = o, argv = { file, table.unpack(args) },
    command = spawn.shown(file, args, o) }
end

local function read_stage(fname, i, value, n)
  if type(value) == "function" then return of_function(value) end
  if type(value) ~= "table" then
    misuse("bad argument #%d to '%s' (command table or function expected, got %s)", i, fname,
      i > n and "nothing" or type(value))
  end
  if i == 1 and n > 1 and command.has_only_names(value) then return of_data(fname, value) end
  return of_command(fname, value)
end

local function check_options(fname, o, i, last)
  for name in pairs(o) do
    if NONE[name] or FIRST[name] and i > 1 or LAST[name] and i < last then
      local where = NONE[name] and "no stage" or FIRST[name] and "only the first" or "only the last"
      misuse("%s: option '%s' of stage %d: %s can have it", fname, name, i, where)
    end
  end
end

-- What is handed to the first stage, where that is no program.
local function check_source(fname, stages)
  local first = stages[1]
  if first.data then
    if not stages[2] then misuse("%s: the data has no stage that takes it", fname) end
    if first.options.input or first.options.stdin then
      misuse("%s: input or stdin beside {input = bytes} as the first stage", fname)
    end
  elseif first.fn and not first.options.input and not first.options.stdin then
    misuse("%s: stage 1 is a function and has no input: give {input = bytes} before it, or the "
      .. "option input or stdin", fname)
  end
end

-- The options of the whole become those of every stage that can have them.
local function spread_options(fname, stages, whole)
  for i, stage in ipairs(stages) do
    local o = stage.options
    check_options(fname, o, i, #stages)
    for name, value in pairs(whole) do
      local fits = not (FIRST[name] and i > 1) and not (LAST[name] and i < #stages)
      if fits and o[name] == nil then o[name] = value end
    end
    check_options(fname, o, i, #stages)
    if o.capture == nil then
      local piped = { o.stdout ~= "pipe", o.stderr ~= "pipe" }
      o.capture = piped[1] and piped[2] or piped
    end
  end
end

--- read(fname, ...) -> list of stages: {file =, args =} | {fn =} | {data =}, each with options (the
--- options of the whole among them), argv and command
function M.read(fname, ...)
  local list, whole = table.pack(...), {}
  local n = list.n
  if n > 1 and type(list[n]) == "table" and command.has_only_names(list[n]) then
    local _
    _, _, whole = command.parse(fname, "options", nil, list[n])
    n = n - 1
  end
  local stages = {}
  for i = 1, math.max(n, 1) do stages[i] = read_stage(fname, i, list[i], list.n) end
  spread_options(fname, stages, whole)
  check_source(fname, stages)
  return stages
end

return M
