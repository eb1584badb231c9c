-- repl.lua - the prompt: procrun -i, procrun on a terminal without a script, and
-- require "procrun.repl".start{input = socket, output = socket}.

require "procrun.core.vm".builtin "procrun.runtime.own_globals" ()

local evaluate = require "procrun.repl.evaluate"

local M = {}

local function check_stream(name, value, method)
  if value == nil then return nil end
  local kind = type(value)
  if (kind == "table" or kind == "userdata") and type(value[method]) == "function" then
    return value
  end
  error(("start: %s: stream expected, got %s"):format(name, kind), 3)
end

local KNOWN <const> = {input = true, output = true, prompt = true, env = true}

local function check_options(options)
  if type(options) ~= "table" then
    error(("bad argument #1 to 'start' (table expected, got %s)"):format(type(options)), 3)
  end
  for key in pairs(options) do
    if not KNOWN[key] then
      local text = "start: unknown option '%s' (known: env, input, output, prompt)"
      error(text:format(tostring(key)), 3)
    end
  end
  check_stream("input", options.input, "read")
  check_stream("output", options.output, "write")
  if (options.input == nil) ~= (options.output == nil) then
    error("start: input and output come together; without both it is the terminal", 3)
  elseif options.prompt ~= nil and type(options.prompt) ~= "string" then
    error(("start: prompt: string expected, got %s"):format(type(options.prompt)), 3)
  elseif options.env ~= nil and type(options.env) ~= "table" then
    error(("start: env: table expected, got %s"):format(type(options.env)), 3)
  end
end

-- Standard input as lua.c with readline reads it: prompts and the lines read go to standard output,
-- errors to standard error.
local function standard_source()
  return {
    read = function(prompt)
      io.stdout:write(prompt)
      io.stdout:flush()
      local line, message = process.stdin:read "l"
      if message then io.stderr:write(message, "\n") end
      if line then io.stdout:write(line, "\n") end
      return line
    end,
    complain = function(text) io.stderr:write(text, "\n") end,
    close = function(err) if err == nil then io.stdout:write "\n" end end,
  }
end

local function stream_source(input, output)
  return {
    read = function(prompt)
      output:write(prompt)
      if output.flush then output:flush() end
      return (input:read "l")
    end,
    readable = true,
    complain = function(text) output:write(text, "\n") end,
    write = function(text) output:write(text) end,
    close = function() end,
  }
end

local function run(source, options)
  local _ <close> = setmetatable({}, {__close = function(_, err) source.close(err) end})
  evaluate.loop(source, options.env or _G, options.prompt)
end

--- start([options]): reads and runs lines until the input ends
function M.start(options)
  options = options == nil and {} or options
  check_options(options)
  if options.input then return run(stream_source(options.input, options.output), options) end
  local tty = require "procrun.core.tty"
  if not tty.is_tty(0) then return run(standard_source(), options) end
  return run(require "procrun.repl.terminal".source(options.env or _G, options), options)
end

--- _main(): the command line's; it does not return
function M._main()
  require "procrun.core.repl".keep_going(true)
  M.start {}
  require "procrun.core.vm".exit()
end

return M
