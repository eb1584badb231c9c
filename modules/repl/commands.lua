-- commands.lua - the lines of the prompt that begin with a dot: .help, .load FILE

local evaluate = require "procrun.repl.evaluate"

local M = {}

--- NAMES: the commands, for completion
M.NAMES = {"dump", "exit", "help", "load"}

local HELP <const> = [[
A line is run as Lua; what it returns is shown, `_` is the first result of the last
line. A line that is not whole goes on at the next prompt. Each runs as a task: it may
wait, while timers, children and tasks of earlier lines go on. A `local` ends with its
line. Built-in modules need no require:
%s
  .help       this text
  .load FILE  runs a file, whose globals are then here
  .dump       shows tasks, children, streams and timers
  .exit       leaves, as Ctrl-D on an empty line does
Tab completes, Ctrl-C cancels the line or what runs (twice: without waiting for its
clean-up), Ctrl-Z suspends%s.
]]

local commands = {}

function commands.help(source)
  local rooms = "  " .. table.concat(require "procrun.core.vm".rooms(), " ")
  rooms = rooms:gsub("(" .. ("."):rep(70) .. "%S*) ", "%1\n  ")
  source.write(HELP:format(rooms, source.keys or ""))
  if source.about then source.write(source.about()) end
end

function commands.load(source, env, name)
  if name == "" then return source.complain ".load: name a file: .load script.lua" end
  local path = require "procrun.path".expand(name) or name
  local chunk, message = loadfile(path, "t", env)
  if not chunk then return source.complain(message) end
  evaluate.run(source, env, chunk)
end

function commands.dump(source)
  local room = "procrun.procrun" -- which stands above this one; it shows values as we do
  require(room).dump {write = function(_, text) source.write(text) end}
end

function commands.exit() return "exit" end

--- run(source, env, line) -> "exit" | nil
function M.run(source, env, line)
  local name, argument = line:match "^%.(%a+)%s*(.-)%s*$"
  local command = commands[name]
  if not command then
    return source.complain((".%s is no command; .help lists them"):format(name))
  end
  return command(source, env, argument)
end

return M
