-- shown.lua - a plan as a shell would want it: cd, environment, pipes, redirections; Lua's own
-- stages as comments. For tostring(command) and the switches -x and -n.

local environment = require "procrun.sh.environment"
local quote = require "procrun.proc.command".word

local M = {}

local LONG <const> = 200 -- bytes of data that are shown

local function assignments(o)
  local list = environment.words(o, true)
  if not list[1] then return "" end
  local plain = list[2] ~= "-i" and list[2] ~= "-u"
  local text = {}
  for i, word in ipairs(list) do
    local name, value = word:match("^([%a_][%w_]*)=(.*)$")
    if i > 1 and not name and word:find("=", 1, true) then plain = false end
    text[i] = name and name .. "=" .. quote(value) or quote(word)
  end
  return table.concat(text, " ", plain and 2 or 1) .. " "
end

-- Where a stream goes, as far as a shell can say it.
local function redirection(mark, value)
  if value == "ignore" then return (" %s /dev/null"):format(mark) end
  if math.type(value) then return (" %s&%d"):format(mark, value) end
  return ""
end

local function program(stage, from, to)
  local o = stage.options
  local text = assignments(o) .. stage.shown
  if o.cwd then text = ("(cd %s && %s)"):format(quote(o.cwd), text) end
  text = text .. (from or redirection("<", o.stdin)) .. (to or redirection(">", o.stdout))
  return text .. (o.stderr == "stdout" and " 2>&1" or redirection("2>", o.stderr))
end

-- Bytes for a first stage, and a comment where not all of them are shown.
local function source(bytes, is_secret)
  if is_secret then return "printf %s '***'" end
  if #bytes <= LONG and not bytes:find("\0", 1, true) then return "printf %s " .. quote(bytes) end
  local first = bytes:match("^[^%c]*"):sub(1, 40)
  return "printf %s " .. quote(first .. "..."), #bytes .. " bytes in all"
end

-- The pieces of a pipeline: {text, comment | nil}; a filter is only a comment of the piece before.
local function pieces_of(plan)
  local list, secret = {}, package.loaded["procrun.sh.secret"]
  local function add(text, comment) list[#list + 1] = { text, comment } end
  local last_program
  for i, stage in ipairs(plan.stages) do
    if stage.argv then last_program = i end
  end
  local from = plan.from and " < " .. quote(plan.from)
  local to = plan.to and (plan.append and " >> " or " > ") .. quote(plan.to)
  for i, stage in ipairs(plan.stages) do
    local last = list[#list]
    if stage.filter then
      local comment = "filter: " .. stage.where
      last[2] = last[2] and last[2] .. ", " .. comment or comment
    elseif stage.data then
      add(source(stage.data, stage.secret))
    else
      local input = stage.options.input
      if input then add(source(input, secret and secret.is_input(input))) end
      add(program(stage, i == 1 and from, i == last_program and to))
    end
  end
  return list
end

--- line(plan) -> the command line
function M.line(plan)
  local list, text = pieces_of(plan), ""
  for i, piece in ipairs(list) do
    text = text .. piece[1]
    if i < #list then
      text = text .. " |" .. (piece[2] and " # " .. piece[2] .. "\n  " or " ")
    elseif piece[2] then
      text = text .. " # | " .. piece[2]
    end
  end
  return text
end

return M
