-- Which exec is meant: whatever is not clearly Node's runs without a shell, or raises.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local marker = check.tmp("marker")
local touch = "touch " .. marker
local function nothing() end

local calls = { -- each would make the file if a shell saw it
  table.pack(touch, {}), table.pack(touch, nil), table.pack(touch, nil, nil),
  table.pack(touch, false), table.pack(touch, { "x" }), table.pack(touch, { 1, cwd = "/" }),
  table.pack(touch, { [0] = "x" }), table.pack(touch, { [2] = "x" }),
  table.pack(touch, { [1.5] = "x" }), table.pack(touch, { [true] = "x" }),
  table.pack(touch, setmetatable({}, {})), table.pack(touch, setmetatable({}, { cwd = "/" })),
  table.pack(touch, {}, nil, "/"), table.pack(touch, nil, { A = 1 }),
  table.pack(touch, nil, "/"), table.pack(touch, "x"), table.pack(touch, 3),
  table.pack(touch, true), table.pack(touch, {}, { cwd = "/" }), table.pack(touch, {}, {}),
  table.pack(touch, nil, nil, nil, "ignore"), table.pack(touch, { cwd = "/" }, nil, "/"),
  table.pack(touch, nothing, nil, "/"), table.pack(touch, { "x" }, nothing),
  table.pack { cmd = touch }, table.pack { command = touch }, table.pack { touch },
  table.pack { touch, "x" }, table.pack { touch, cwd = "/" }, table.pack({ touch }, {}),
  table.pack({ touch }, { cwd = "/" }), table.pack({ touch }, nothing),
  table.pack({ touch }, nil, nothing), table.pack({ cmd = touch }, {}), table.pack {},
  table.pack(nil, { "-c", touch }), table.pack(nil, nil), table.pack(3, {}), table.pack(true),
}
for i = 1, #calls do
  local call = calls[i]
  local ok, child, message, code = pcall(proc.exec, table.unpack(call, 1, call.n))
  if ok then
    assert(child == nil and code == "ENOENT", i)
    check.has(message, "pass its arguments as a list")
  else
    check.has(child, "exec")
  end
end
assert(io.open(marker) == nil, "a shell saw it")

-- a shell's characters in arguments are characters
local reader, writer = require "procrun.fs".pipe()
assert(proc.exec("echo", { "$HOME;", "a  b", "`x`", "*" }, nil, nil, nil, writer):wait() == 0)
check.eq(reader:read("a"), "$HOME; a  b `x` *\n")

-- Node's: a lone string, a function, or options
check.eq(proc.exec("echo $((1 + 1))"):wait(10).stdout, "2\n")
check.eq(proc.exec("echo $A", { env = { A = "x" } }):wait(10).stdout, "x\n")
check.eq(proc.exec("echo $A", { env = { A = "y" } }, nil):wait(10).stdout, "y\n")
