-- Misuse raises: it names the function and the argument, and its position is the script's line.
local proc = require "procrun.proc"

local function raises(pattern, fn, ...)
  local ok, message = pcall(fn, ...)
  assert(not ok, "did not raise: " .. pattern)
  assert(type(message) == "string" and message:find(pattern), message)
  return message
end

local line
local function at_line(pattern, fn)
  local message = raises(pattern, fn)
  local wanted = ("misuse.lua:%d:"):format(line)
  assert(message:find(wanted, 1, true), ("%s not at %s"):format(message, wanted))
end
local function here() line = debug.getinfo(2, "l").currentline end

for _, name in ipairs { "spawn", "run", "exec_file", "fork" } do
  local fn = proc[name]
  local function call(...)
    local args = table.pack(...)
    return function() here() local _ = fn(table.unpack(args, 1, args.n)) end
  end
  at_line(name .. ": the program must be a non%-empty string, got nil", call())
  at_line(name .. ": the program must be a non%-empty string, got ''", call(""))
  at_line(name .. ": the program must be a non%-empty string, got number", call(3))
  at_line(name .. ": the program's name holds a NUL byte", call("a\0b"))
  at_line(name .. ": argument 2: string or number expected, got nil", call("true", { 1, nil, 3 }))
  at_line(name .. ": argument 1: string or number expected, got boolean", call("true", { false }))
  at_line(name .. ": argument 3: .* got table", call("true", { "a", "b", {} }))
  at_line(name .. ": argument 1 holds a NUL byte", call("true", { "a\0b" }))
  at_line(name .. ": args: table expected, got string", call("true", "-l"))
  at_line(name .. ": args: 'cwd' is no index", call("true", { "a", cwd = "/" }, {}))
  at_line(name .. ": options: table expected, got ", call("true", {}, 3))
  at_line(name .. ": options: 1 is no option", call("true", {}, { "x" }))
  at_line(name .. ": unknown option 'cwdd' %(known: .*cwd, ", call("true", {}, { cwdd = "/" }))
  at_line(name .. ": unknown option 'args' %(the arguments are a list of their own",
    call { "true", args = { "x" } })
  at_line(name .. ": unknown option 'dir' %(it is called 'cwd' here", call { "true", dir = "/" })
  at_line(name .. ": unknown option 'nope'", call { "true", nope = 1 })
  at_line(name .. ": option 'cwd': string expected, got 3", call { "true", cwd = 3 })
end

local wrong = {
  { cwd = "a\0b" }, { env = "x" }, { env = { [1] = "x" } }, { env = { A = {} } },
  { env = { ["A=B"] = "x" } }, { env = { A = "x\0y" } }, { extend_env = 1 }, { input = 3 },
  { capture = "both" }, { max_buffer = -1 }, { max_buffer = "x" }, { timeout = "soon" },
  { timeout = -1 }, { kill_signal = "FOO" }, { kill_signal = 0 }, { kill_after = {} },
  { detached = 1 }, { group = "x" }, { uid = "" }, { uid = -1 }, { gid = 1.5 },
  { argv0 = false }, { argv0 = "a\0b" }, { shell = 1 }, { shell = "" }, { autokill = "FOO" },
  { autokill = {} }, { silent = "no" }, { exec_path = 1 }, { exec_path = {} },
  { exec_path = { "a", false } }, { exec_args = "x" }, { exec_args = { {} } },
  { channel = "pipe" }, { serialization = "advanced" }, { keep_open = 1 }, { umask = 512 },
  { umask = "022" }, { max_message = {} },
}
for _, options in ipairs(wrong) do
  local name = next(options)
  at_line("^.*spawn: .*" .. name, function() here() local _ = proc.spawn("true", {}, options) end)
end

-- methods: without a colon, and with wrong arguments
do
  local child <close> = assert(proc.spawn("sleep", { 60 }))
  for _, name in ipairs { "wait", "kill", "kill_tree", "exit_code", "status", "usage", "ref",
    "unref", "forget", "send", "receive", "messages", "flush", "disconnect" } do
    at_line("call it with a colon: %a+:" .. name, function() here() local _ = child[name]() end)
    at_line("call it with a colon", function() here() local _ = child[name]({}) end)
  end
  at_line("bad argument #1 to 'kill' .* got \"X\"", function() here() local _ = child:kill("X") end)
  at_line("bad argument #1 to 'kill' .* got 99", function() here() local _ = child:kill(99) end)
  at_line("bad argument #1 to 'kill_tree'", function() here() local _ = child:kill_tree({}) end)
  at_line("bad argument #1 to 'wait' .*time", function() here() local _ = child:wait("soon") end)
  at_line("send: not started with a channel", function() here() local _ = child:send(1) end)
  at_line("receive: not started with a channel", function() here() local _ = child:receive() end)
end

at_line("bad argument #1 to 'which'", function() here() local _ = proc.which(nil) end)
at_line("bad argument #1 to 'quote'", function() here() local _ = proc.quote({}) end)
at_line("quote: .*NUL", function() here() local _ = proc.quote("\0") end)
at_line("bad argument #1 to 'setenv'", function() here() proc.setenv("A=B", "x") end)
at_line("bad argument #2 to 'setenv'", function() here() proc.setenv("A", "x\0") end)
at_line("bad argument #1 to 'pipeline'", function() here() local _ = proc.pipeline() end)
at_line("bad argument #2 to 'pipeline'", function()
  here() local _ = proc.pipeline({ "true" }, "cat")
end)
at_line("pipeline: option 'stdin' of stage 2: only the first", function()
  here() local _ = proc.pipeline({ "true" }, { "cat", stdin = "ignore" })
end)
at_line("pipeline: option 'stdout' of stage 1: only the last", function()
  here() local _ = proc.pipeline({ "true", stdout = "ignore" }, { "cat" })
end)
at_line("pipeline: option 'stdio' of stage 1: no stage", function()
  here() local _ = proc.pipeline({ "true" }, { "cat" }, { stdio = "pipe" })
end)
