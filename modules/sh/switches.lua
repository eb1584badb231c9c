-- switches.lua - procrun -x and -n, sh.trace: commands are shown before they run, or instead.

local misuse = require "procrun.events.misuse"
local quote = require "procrun.proc.command".word
local vm = require "procrun.core.vm"

local M = {}

local all = false -- -x
local dry = false -- -n
local tracing -- the task's variable: sh.trace()
local start_cwd, start_env -- a command that runs elsewhere shows how to get there

local function remember()
  if vm.sh_watch then return end
  vm.sh_watch = true
  start_cwd = require "procrun.process".cwd()
  start_env = require "procrun.core.self".environ()
end

--- start(x, n): what the command line says, before anything of the script runs
function M.start(x, n)
  remember()
  all, dry = x or false, n or false
end

--- is_dry() -> boolean: -n
function M.is_dry() return dry end

--- trace([on]) -> scope: from here on this task and those it starts show their commands, or do not
function M.trace(on)
  if on == nil then on = true end
  if type(on) ~= "boolean" then
    misuse("bad argument #1 to 'sh.trace' (boolean expected, got %s)", type(on))
  end
  remember()
  tracing = tracing or require "procrun.task".variable()
  return tracing:set(on)
end

-- What the scopes around have changed, as options of one program.
local function scope_changes()
  local now, changes = require "procrun.core.self".environ(), {}
  for name, value in pairs(now) do
    if start_env[name] ~= value and name ~= "PWD" then changes[name] = value end -- cd sets that
  end
  for name in pairs(start_env) do
    if now[name] == nil then changes[name] = false end
  end
  return changes
end

-- A plan to be shown: with what the scopes have changed in the options of each program.
local function in_scope(plan)
  local changes = scope_changes()
  if next(changes) == nil then return plan end
  local copy = require "procrun.sh.options".copy
  local stages = {}
  for i, stage in ipairs(plan.stages) do
    stages[i] = copy(stage)
    if stage.argv and not stage.options.env then
      stages[i].options = copy({ extend_env = changes }, stage.options)
    end
  end
  return copy(plan, { stages = stages })
end

local function line_of(plan)
  local line = require "procrun.sh.shown".line(in_scope(plan))
  local cwd = require "procrun.process".cwd()
  if cwd and cwd ~= start_cwd then line = ("(cd %s && %s)"):format(quote(cwd), line) end
  return line
end

local CHANGES <const> = { run = true, start = true } -- sh.bash runs, too

local function dry_result(plan, stage)
  return require "procrun.proc.result".new {
    ok = true, code = 0, stdout = "", stderr = "", seconds = 0, timed_out = false, dry = true,
    command = stage.shown, argv = stage.visible or stage.argv, where = plan.where,
    usage = require "procrun.core.process".no_usage(),
  }
end

local function dry_results(plan)
  local r, count = dry_result(plan, plan.stages[1]), #plan.stages
  if count == 1 then return r end
  r.command, r.stages = plan.shown, {}
  for i, stage in ipairs(plan.stages) do r.stages[i] = dry_result(plan, stage) end
  return r
end

--- before(plan, verb) -> result | nil: shows the command where that is wanted; under -n the result
--- stands for what a verb that changes something would have done
function M.before(plan, verb)
  local is_dry = dry and CHANGES[verb]
  local show = plan.options.trace
  if show == nil and tracing then show = tracing:get() end
  if show == nil then show = all end
  if show or is_dry then
    io.stderr:write("+ ", (line_of(plan):gsub("\n$", "")), "\n")
  end
  return is_dry and dry_results(plan) or nil
end

return M
