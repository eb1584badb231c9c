-- What spawn and its kin refuse, each at the line of the script: wrong types, NUL bytes, Node's
-- spelling of options.
local check = require "tests.lib.check"
local proc = require "proc"

for _, name in ipairs { "spawn", "run", "fork", "exec_file" } do
  local fn = proc[name]
  for _, file in ipairs { "", 0, false, true, print } do
    check.raises(name .. ": the program must be a non-empty string", fn, file)
  end
  check.raises(name .. ": the program must be a non-empty string, got nil", fn)
  check.raises(name .. ": the program must be a non-empty string, got nil", fn, {})
  check.raises("the program's name holds a NUL byte", fn, "a\0b")
  check.raises(name .. ": args: table expected, got string", fn, "true", "args")
  check.raises(name .. ": args: table expected, got number", fn, "true", 1, {})
  check.raises(name .. ": options: table expected, got number", fn, "true", {}, 1)
  check.raises(name .. ": argument 2 holds a NUL byte", fn, "true", { "a", "b\0" })
  check.raises(name .. ": argument 2: string or number expected, got boolean", fn, "true",
    { "a", true })
  check.raises(name .. ": argument 1: string or number expected, got nil", fn, "true",
    { [2] = "b" })
end

local function refused(text, options)
  local line = debug.getinfo(1, "l").currentline + 1
  local err = check.raises(text, function() return (proc.spawn("true", {}, options)) end)
  check.has(err, ("spawn_misuse.lua:%d: spawn: "):format(line))
end
for name, values in pairs {
  cwd = { 1, true, "a\0b" }, argv0 = { 1, {}, "a\0" }, detached = { "yes", 1 }, silent = { 1 },
  shell = { 1, "", "a\0" }, timeout = { -1, "x", {}, 0 / 0 },
  kill_signal = { 0, -1, "SIGFOO", 500 },
  max_buffer = { -1, "much", 1.5, true }, uid = { -1, 1.5, {} }, gid = { -1, "" },
  serialization = { "advanced", 1 }, exec_path = { "", {}, 1, { "a", 2 == 3 } },
  exec_args = { "x", { print } }, env = { "A=1", 5 }, input = { 5, {} }, channel = { "pipe" },
} do
  for _, value in ipairs(values) do refused(("option '%s'"):format(name), { [name] = value }) end
end
refused("env: 'A=B' is no name of a variable", { env = { ["A=B"] = "1" } })
refused("is no name of a variable", { env = { "A=1" } })
refused("env.A holds a NUL byte", { env = { A = "\0" } })
refused("env.A: string or number expected, got table", { env = { A = {} } })

for theirs, ours in pairs {
  killSignal = "kill_signal", maxBuffer = "max_buffer", execPath = "exec_path",
} do
  refused(("unknown option '%s' (it is called '%s' here)"):format(theirs, ours), { [theirs] = 1 })
end
refused("unknown option 'windowsHide' (known: ", { windowsHide = true })
refused("unknown option 'signal' (known: ", { signal = {} })
