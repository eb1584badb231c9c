-- verbs.lua - what a script asks of a command: run, text, json, lines, ok, try, start. A plan of
-- words.lua goes to proc, its outcome comes back as a value or is raised as an error.

local spawn = require "procrun.proc.spawn"
local stdio = require "procrun.proc.stdio"
local words = require "procrun.sh.words"

local M = {
  began_in = require "procrun.core.self".cwd(), -- nil where that directory is gone
}

local INHERIT <const>, CAPTURE <const> = stdio.INHERIT, stdio.CAPTURE
local SILENT <const> = { [0] = "null", "null", "null" }
local READ <const> = { [0] = "null", "pipe", 2 }
local BESIDE <const> = { [0] = "null", 1, 2 }

-- How each verb joins a command to the world: stdio, as a plan of proc has it and by names for a
-- pipeline; what is kept of the outputs; whether it ends with the script.
local KINDS <const> = {
  run = { stdio = INHERIT, stdin = "inherit", stdout = "inherit", stderr = "inherit" },
  text = { stdio = CAPTURE, stdin = "ignore", capture = { true, "tail" } },
  try = { stdio = CAPTURE, stdin = "ignore", capture = true },
  ok = { stdio = SILENT, stdin = "ignore", stdout = "ignore", stderr = "ignore" },
  lines = { stdio = READ, stdin = "ignore", stdout = "pipe", stderr = "inherit", autokill = 15 },
  start = {
    stdio = BESIDE, stdin = "ignore", stdout = "inherit", stderr = "inherit", autokill = 15,
  },
}
KINDS.json = KINDS.text

local OWN <const> = { ok = true, check = true, quiet = true, trace = true }

local function add(to, options)
  for name, value in pairs(options) do
    if not OWN[name] then to[name] = value end
  end
end

-- The options for proc, in a table of their own; those of the only stage, too.
local function for_proc(options, kind, more)
  local o = {}
  add(o, options)
  if more then add(o, more) end
  o.autokill = kind.autokill
  if o.capture == nil then o.capture = kind.capture end
  local said = o.stdout == "capture" or o.stderr == "capture" or o.capture ~= kind.capture
  if said or options.quiet then
    require "procrun.sh.outputs".adapt(o, kind, options.quiet)
  end
  return o
end

-- One command: the same steps as proc.run's.
local function start_one(fname, plan, stage, kind)
  local o = for_proc(plan.options, kind, stage.options)
  if o.input ~= nil and o.stdin == nil then o.stdin = "pipe" end
  local _ <close> = (plan.from or plan.to) and require "procrun.sh.redirect".open(plan, o) or nil
  if stage.visible then o.visible = stage.visible end
  local argv = stage.argv
  local file, args = argv[1], table.move(argv, 2, #argv, 1, {})
  local child, message, code, step = spawn.start(fname, file, args, o, kind.stdio)
  if child then
    child._line = plan.shown
    return child
  end
  local visible = stage.visible or argv
  local r = require "procrun.proc.result".failed(visible[1], visible, plan.shown, message, code,
    step)
  return nil, r
end

--- start(fname, plan, verb) -> child or job of a pipeline | nil, result of what cannot be started
function M.start(fname, plan, verb)
  if plan.from or plan.to then require "procrun.sh.redirect".prepare(plan) end
  local kind, first = KINDS[verb], plan.stages[1]
  if #plan.stages == 1 and first.argv then return start_one(fname, plan, first, kind) end
  local o = for_proc(plan.options, kind)
  local _ <close> = (plan.from or plan.to) and require "procrun.sh.redirect".open(plan, o) or nil
  return (require "procrun.sh.pipeline".start(fname, plan, kind, o))
end

local function is_accepted(r, codes)
  if r.signal or r.errno or not r.code then return false end
  for i = 1, #codes do
    if codes[i] == r.code then return true end
  end
  return false
end

--- finish(plan, result) -> result, as sh has it: codes that the option ok lists are no failure
function M.finish(plan, r)
  local stage = plan.stages[1]
  local codes = plan.options.ok
  if #plan.stages > 1 or not stage.argv then
    require "procrun.sh.pipeline".finish(plan, r)
  else
    if stage.options.ok ~= nil then codes = stage.options.ok end
    if codes then
      r.ok = is_accepted(r, codes)
      r.error = not r.ok and (r.error or tostring(r)) or nil
    end
  end
  return r
end

-- Runs to the end. What is raised meanwhile, a cancel above all, ends the command.
local function complete(fname, plan, verb)
  local r = plan.before and plan.before(plan, verb)
  if r then return r end
  local child
  child, r = M.start(fname, plan, verb)
  if child then
    local _ <close> = child
    local _ <close> = spawn.has_terminal() and require "procrun.proc.terminal".watch(child) or nil
    r = child:wait()
  end
  return M.finish(plan, r)
end

--- fail(plan, result): raises the error of a command
function M.fail(plan, r)
  local e = require "procrun.sh.failure".new(plan, r)
  error(e, 0)
end
local fail = M.fail

--- is_harmless(plan, result) -> is this failure the script's own business?
function M.is_harmless(plan, r)
  return plan.options.check == false and not r.path and not r.timed_out
end

local function checked(plan, r)
  if r.ok or M.is_harmless(plan, r) then return r end
  return fail(plan, r)
end

local verbs = {}

--- run(command) -> result
function verbs.run(with, ...)
  local plan = words.plan("sh.run", 2, with, ...)
  return checked(plan, complete("sh.run", plan, "run"))
end

--- text(command) -> what it has written to standard output, without the newlines at the end
function verbs.text(with, ...)
  local plan = words.plan("sh.text", 2, with, ...)
  return checked(plan, complete("sh.text", plan, "text")):text()
end

--- json(command) -> value
function verbs.json(with, ...)
  local plan = words.plan("sh.json", 2, with, ...)
  local r = checked(plan, complete("sh.json", plan, "json"))
  local value, message = r:json()
  if message then
    error(require "procrun.sh.failure".no_json(plan, r, message), 0)
  end
  return value
end

--- ok(command) -> boolean
function verbs.ok(with, ...)
  local plan = words.plan("sh.ok", 2, with, ...)
  local r = complete("sh.ok", plan, "ok")
  if not r.ok and (r.errno or r.signal) then fail(plan, r) end
  return r.ok
end

--- try(command) -> result
function verbs.try(with, ...)
  local plan = words.plan("sh.try", 2, with, ...)
  local r = complete("sh.try", plan, "try")
  if r.path then fail(plan, r) end
  return r
end

--- lines(command) -> iterator
function verbs.lines(with, ...)
  return require "procrun.sh.lines".open(words.plan("sh.lines", 2, with, ...))
end

--- start(command) -> job
function verbs.start(with, ...)
  return require "procrun.sh.job".start(words.plan("sh.start", 2, with, ...))
end

--- new(with) -> table of the verbs, callable as run; with: what sh.with has collected, or nil
function M.new(with)
  local set = {}
  for name, verb in pairs(verbs) do
    set[name] = function(...) return verb(with, ...) end
  end
  local run = verbs.run
  return setmetatable(set, { __call = function(_, ...) return run(with, ...) end })
end

return M
