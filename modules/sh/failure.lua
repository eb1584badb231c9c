-- failure.lua - the error of a command that sh has run: one line that says where and what, then the
-- command, how long it took and what it said last. Loaded by the first failure.

local Error = require "procrun.events.error"

local M = {}

local STDERR <const>, COMMAND <const> = 2000, 4000 -- bytes that are shown
local LINES <const> = 20 -- of stderr

local function seconds(value)
  return ("%.3gs"):format(value)
end

-- How one command has ended.
local function status_of(r, cwd)
  if r.path then return require "procrun.sh.cannot_start".text(r, cwd) end
  if r.errno == "ENOBUFS" then
    local kept = math.max(#(r.stdout or ""), #(r.stderr or ""))
    return ("wrote more than max_buffer, %d bytes, and was ended"):format(kept)
  end
  if r.problem then return r.problem end
  if r.timed_out then return "timed out after " .. seconds(r.timeout or r.seconds) end
  if r.stopped then return ("stopped for the terminal (%s) and was ended"):format(r.stopped) end
  local why = r.limit and (" at its %s limit"):format(r.limit) or ""
  if r.signal then return "killed by " .. r.signal .. why end
  return "exit status " .. tostring(r.code) .. why
end

-- The directory of the command, where that is not the one in which the script began.
local function cwd_of(plan)
  local own = plan.options.cwd or #plan.stages == 1 and plan.stages[1].options.cwd
  local here = require "procrun.core.self".cwd()
  if not own then return here ~= require "procrun.sh.verbs".began_in and here or nil end
  if own:sub(1, 1) == "/" then return own end
  return here and here .. "/" .. own or own
end

-- "exit status 1 from 'gzip' (stage 2 of 4)"
local function message_of(plan, r)
  local text = status_of(r, cwd_of(plan))
  if not r.stage or #plan.stages == 1 or r.path or r.timed_out then return text end
  local place = (" (stage %d of %d)"):format(r.stage, #plan.stages)
  if r.problem then return "a function " .. text .. place end
  local stage = plan.stages[r.stage]
  local name = stage.argv and (stage.visible or stage.argv)[1] or "a function"
  return ("%s from '%s'"):format(text, name) .. place
end

-- The last lines of what a command has said, the ones below the first moved to the right. Of a line
-- that was written over, as by a progress bar, the last state.
local function last_lines(text, indent)
  text = text:sub(-2 * STDERR):gsub("%s+$", "")
  if #text > STDERR then text = "…" .. (text:sub(-STDERR):match("\n(.*)$") or text:sub(-STDERR)) end
  local lines = {}
  for line in (text .. "\n"):gmatch("([^\n]*)\n") do
    lines[#lines + 1] = line:gsub("\r+$", ""):match("[^\r]*$")
  end
  local first = math.max(1, #lines - LINES + 1)
  return table.concat(lines, "\n" .. indent, first)
end

local function details(e, stderr)
  local list = {}
  local function add(name, value) list[#list + 1] = ("  %-9s%s"):format(name .. ":", value) end
  local command = e.command
  if #command > COMMAND then
    command = ("%s… (%d bytes)"):format(command:sub(1, COMMAND), #command)
  end
  add("command", command) -- as it is: it can be pasted into a shell
  if e.seconds and not e.path then add("after", ("%.1fs"):format(e.seconds)) end
  if e.cwd then add("cwd", e.cwd) end
  if stderr and stderr:find("%S") then add("stderr", last_lines(stderr, "           ")) end
  return list
end

-- What the bad stage has said; of a single command all of it.
local function stderr_of(r)
  local bad = r.stage and r.stages and r.stages[r.stage]
  local text = bad and bad.stderr
  if not text or text == "" then text = r.stderr end
  return text
end

local function with_text(e, stderr)
  local where = e.where and e.where .. ": " or ""
  e._text = where .. e.message .. "\n" .. table.concat(details(e, stderr), "\n")
  return e
end

--- new(plan, result) -> error
function M.new(plan, r)
  local e = r:_error_fields(message_of(plan, r))
  e.where, e.cwd = plan.where, cwd_of(plan)
  e.during = require "procrun.core.task".pending_error()
  return with_text(Error.new(e), stderr_of(r))
end

local SHOWN <const> = 60 -- bytes of an output that is no JSON

--- no_json(plan, result, why) -> error of a command that has ended well, but whose output is wrong
function M.no_json(plan, r, why)
  local first = ("%q"):format(r.stdout:sub(1, SHOWN)):gsub("\\\n", "\\n")
  local what = "its output is no JSON: it is empty"
  if r.stdout:find("%S") then
    what = ("its output is no JSON: %s; it begins with %s"):format(why, first)
  end
  local e = r:_error_fields(what)
  e.where, e.cwd, e._status = plan.where, cwd_of(plan), 1
  return with_text(Error.new(e))
end

--- plain(message, fields) -> error without a command: one line
function M.plain(message, fields)
  fields = fields or {}
  fields.message, fields._status = message, fields._status or 1
  fields._text = fields.where and fields.where .. ": " .. message or message
  return Error.new(fields)
end

return M
