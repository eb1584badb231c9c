-- redirect.lua - command:from(path), :to(path) and :append(path): files opened for a command, and
-- closed again once it has them; FIFOs.

local fs = require "procrun.fs"
local quote = require "procrun.proc.command".word

local M = {}

local Files = { __close = function(self)
  for _, file in ipairs(self) do file:close() end
end }

local function is_fifo(path)
  local stat = path and fs.stat(path)
  return stat and stat.type == "fifo"
end

-- A shell would wait until a FIFO is opened at its other end: a stage of its own does that here.
local function add_stage(plan, index, ...)
  local stages = table.move(plan.stages, 1, #plan.stages, 1, {})
  table.insert(stages, index, { argv = { ... }, options = {}, shown = "cat" })
  plan.stages = stages
end

-- The command with its redirections, for results and errors.
local function shown(plan)
  local list, last = {}, #plan.stages
  for i, stage in ipairs(plan.stages) do list[i] = stage.shown end
  if plan.from then list[1] = list[1] .. " < " .. quote(plan.from) end
  if plan.to then
    list[last] = list[last] .. (plan.append and " >> " or " > ") .. quote(plan.to)
  end
  return table.concat(list, " | ")
end

--- prepare(plan): its redirections are shown; a function has a program beside it that reads or
--- writes the file; FIFOs become stages
function M.prepare(plan)
  plan.shown = shown(plan)
  if plan.from and plan.stages[1].filter then add_stage(plan, 1, "cat") end
  if plan.to and plan.stages[#plan.stages].filter then add_stage(plan, #plan.stages + 1, "cat") end
  if is_fifo(plan.from) then
    add_stage(plan, 1, "cat", "--", plan.from)
    plan.from = nil
  end
  if is_fifo(plan.to) then
    add_stage(plan, #plan.stages + 1, "sh", "-c", 'exec cat >>"$0"', plan.to)
    plan.to = nil
  end
end

local function add(files, o, name, plan, what, path, mode)
  local file, message, code = fs.open(path, mode)
  if not file then
    local target, why = path:gsub("%c", "?"), message:match("([^:]*)$"):gsub("^ ", "")
    error(require "procrun.sh.failure".plain(("cannot %s %s: %s"):format(what, target, why),
      { code = code, path = path, where = plan.where, command = plan.shown }), 0)
  end
  files[#files + 1] = file
  o[name] = file
end

--- open(plan, options for proc) -> files, to be closed; they stand in the options
function M.open(plan, o)
  local files = setmetatable({}, Files)
  if plan.from then add(files, o, "stdin", plan, "read", plan.from, "r") end
  if plan.to then add(files, o, "stdout", plan, "write", plan.to, plan.append and "a" or "w") end
  return files
end

return M
