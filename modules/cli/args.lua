-- args.lua - the arguments of a script, read by its usage text: local opt = cli.args [[usage: …]]
-- What the text may say: usage.lua and usage_item.lua; how arguments are read: argv.lua.

local misuse = require "procrun.events.misuse"
local read_usage = require "procrun.cli.usage"

local M = {}

-- The usage line of one command.
local function command_usage(spec, command)
  local before = spec.usage[1]:gsub("%[?<?[Cc][Oo][Mm][Mm][Aa][Nn][Dd]>?%]?.*$", "")
  local line = before .. table.concat(command.names, "|") .. " " .. command.head
  return (line:gsub("%s+$", ""))
end

-- The help of one command: its line, its own lines, and what counts for all.
local function command_help(spec, command)
  local main = {}
  for _, option in ipairs(spec.main.options) do
    if option.line then main[#main + 1] = option.line end
  end
  local parts = { "usage: " .. command_usage(spec, command) .. "\n" }
  if command.text ~= "" then parts[#parts + 1] = "  " .. command.text .. "\n" end
  if #command.lines > 0 then parts[#parts + 1] = table.concat(command.lines, "\n") .. "\n" end
  if #main > 0 then
    parts[#parts + 1] = "for all commands:\n" .. table.concat(main, "\n") .. "\n"
  end
  return table.concat(parts, "\n")
end

local function help(spec, scope)
  return scope and scope ~= spec.main and command_help(spec, scope) or spec.text
end

local function print_and_exit(text)
  io.stdout:write(text)
  os.exit(0)
end

local function refuse(spec, message, command)
  local usage = command and command_usage(spec, command) or table.concat(spec.usage, "\n       ")
  local asking = command and spec.program .. " " .. command.name or spec.program
  io.stderr:write(("%s: %s\nusage: %s\n%s --help says more\n"):format(spec.program, message, usage,
    asking))
  os.exit(2)
end

-- A name that the text does not have is a slip, not an option that was not given.
local function guard(spec, opt)
  local known = {}
  for key in pairs(spec.main.keys) do known[#known + 1], known[key] = key, true end
  for _, command in ipairs(spec.commands) do
    for key in pairs(command.keys) do known[#known + 1], known[key] = key, true end
  end
  return setmetatable(opt, { __index = function(_, key)
    if known[key] or type(key) ~= "string" or key:find "^__" then return nil end
    local meant = require "procrun.cli.closest" (key, table.move(known, 1, #known, 1, {}))
    misuse("opt.%s: the usage text has no such option or operand%s", key,
      meant and (" (did you mean '%s'?)"):format(meant) or "")
  end })
end

local function check_argv(argv)
  if type(argv) ~= "table" then
    misuse("bad argument #2 to 'args' (list of arguments expected, got %s)", type(argv))
  end
  for i = 1, #argv do
    if type(argv[i]) ~= "string" then
      misuse("bad argument #2 to 'args' (element %d: string expected, got %s)", i, type(argv[i]))
    end
  end
  return argv
end

--- args(usage_text, [argv]) -> opt; --help, --version and wrong arguments end the program
function M.args(text, argv)
  if type(text) ~= "string" then
    misuse("bad argument #1 to 'args' (usage text expected, got %s)", type(text))
  end
  argv = argv == nil and process.argv or check_argv(argv)
  local spec = read_usage(text)
  if argv[1] == "--completion" and not spec.main.by_name["--completion"] then
    local shell = (argv[2] or ""):gsub("%c", "?")
    if shell ~= "bash" then refuse(spec, ("--completion knows bash, not '%s'"):format(shell)) end
    print_and_exit(require "procrun.cli.completion" (spec))
  end
  local opt, why, scope = require "procrun.cli.argv" (spec, argv)
  if opt then
    return guard(spec, opt)
  elseif why == "help" then
    print_and_exit(help(spec, scope))
  elseif why == "version" then
    print_and_exit(("%s %s\n"):format(spec.program, spec.version))
  end
  refuse(spec, why, scope)
end

return M
