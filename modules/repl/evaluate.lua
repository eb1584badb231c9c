-- evaluate.lua - reads lines, runs each as a task of its own and tells what came of it.
--
-- A source is where lines come from and where answers go: read(prompt) -> line | nil: the end |
-- false: cancelled; write(text), complain(text); foreground(task, line) if the user
-- can interrupt. With `readable` results are shown as show.lua does it, else printed as lua does.

local core = require "procrun.core.repl"
local task = require "procrun.core.task"

local M = {}

-- What a global holds as a prompt, or the default.
local function prompt_of(env, name, default)
  local value = rawget(env, name)
  if value == nil then return default end
  local fine, text = pcall(tostring, value)
  return fine and text or default
end

-- A string in quotes ends with its line, unless that ends with a backslash.
local function is_incomplete(source, text, message)
  if not message:find "<eof>$" then return false end
  local unfinished = source.readable and message:find "unfinished string near <eof>$"
  return not unfinished or text:find "\\z?%s*$" ~= nil
end

-- As an expression, else as statements. At a readable prompt expressions may go on, too, which
-- lua's may not: `{` is the begin of a table.
local function compile_text(source, env, text, first)
  local chunk, expression, message
  if first or source.readable then
    chunk, expression = load("return " .. text, "=stdin", "t", env)
    if chunk then return chunk end
  end
  chunk, message = load(text, "=stdin", "t", env)
  if chunk then return chunk end
  local goes_on = is_incomplete(source, text, message)
    or source.readable and is_incomplete(source, text, expression)
  return nil, message, goes_on
end

-- The line, with those that follow as long as it is not whole: a chunk | nil, message | false: it
-- was cancelled.
local function compile(source, env, line)
  local text, first = line:gsub("^=", "return "), true
  while true do
    local chunk, message, goes_on = compile_text(source, env, text, first)
    if not goes_on then return chunk, message end
    first = false
    local more = source.read(prompt_of(env, "_PROMPT2", ">> "))
    if more == false then return false end
    if not more then return nil, message end
    text = text .. "\n" .. more
  end
end

-- As lua.c: the message with its traceback; what is no string and has no text by its type.
local function error_text(source, err, trace)
  local text
  local meta = debug.getmetatable(err)
  local known = type(meta) == "table" and rawget(meta, "__tostring") ~= nil
  if type(err) == "string" or type(err) == "number" then
    text = tostring(err)
  elseif known then
    local fine, own = pcall(tostring, err)
    if fine then return own end
    text = "(error object with an error in __tostring)"
  else
    text = ("(error object is a %s value)"):format(type(err))
    if source.readable and type(err) == "table" then
      text = text .. "\n" .. require "procrun.repl.show".inspect(err)
    end
  end
  return trace and text .. "\n" .. trace or text
end

local function show(source, values)
  local inspect = require "procrun.repl.show".inspect
  local width = source.width and source.width()
  for i = 1, values.n do
    source.write(inspect(values[i], {width = width or 80}) .. "\n")
  end
end

-- As lua.c: what print raises is told.
local function print_all(source, env, values)
  local fine, message = pcall(env.print, table.unpack(values, 1, values.n))
  if not fine then
    source.complain(("error calling 'print' (%s)"):format(tostring(message)))
  end
end

-- `_` is the first result of the last line that had any, unless the user has a use for the name.
local function remember(source, env, values)
  local mine, last = rawget(env, "_"), source.last
  if not rawequal(mine, last) and (mine == mine or last == last) then return end -- NaN is not NaN
  source.last = values[1]
  rawset(env, "_", values[1])
end

local function tell(source, env, how, ...)
  if how == "failed" then
    source.complain(error_text(source, ...))
  elseif how == "cancelled" then
    source.complain "interrupted"
  elseif how == "running" then
    source.complain "interrupted; what it does at its end goes on"
  elseif how == "done" and select("#", ...) > 0 then
    local values = table.pack(...)
    if not source.readable then return print_all(source, env, values) end
    remember(source, env, values)
    show(source, values)
  end
end

local function run(source, fn, ...)
  local t = task.spawn(fn, ...)
  if source.foreground then
    source.foreground(t)
  else
    pcall(t.wait, t)
  end
  return core.outcome(t)
end

--- run(source, env, chunk): in a task of its own, up to its end or an interrupt; what came of it is
--- told, in another: to show a value may take its time, or fail
function M.run(source, env, chunk)
  local how, err, trace = run(source, tell, source, env, run(source, chunk))
  if how ~= "done" then tell(source, env, how, err, trace) end
end

local function is_command(source, line)
  return source.readable and line:find "^%.%a+%f[^%w]" ~= nil
end

--- loop(source, env, [prompt]): until the input ends or .exit
function M.loop(source, env, prompt)
  while true do
    local line = source.read(prompt or prompt_of(env, "_PROMPT", "> "))
    if line == nil then return end
    if line and is_command(source, line) then
      if require "procrun.repl.commands".run(source, env, line) == "exit" then return end
    elseif line then
      local chunk, message = compile(source, env, line)
      if chunk then
        M.run(source, env, chunk)
        if source.after then source.after(line) end
      elseif chunk == nil then
        source.complain(message)
      end
    end
  end
end

return M
