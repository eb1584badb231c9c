-- The global process costs nothing until it is used, and _G stays an ordinary table.
assert(not package.loaded["procrun.process"] and not package.loaded["procrun.events"])
local loaded = 0
for name in pairs(package.loaded) do
  if name:find("^procrun%.") then loaded = loaded + 1 end
end
assert(loaded == 1, "an empty script loads only the core of the state")
assert(getmetatable(_G) == nil and type(rawget(_G, "process")) == "table")
local before = process
assert(process.pid > 0 and package.loaded["procrun.process"])
assert(before == process and require "process" == process and require "procrun.process" == process)

-- The first use may also be a write, pairs, or the require.
local procrun = os.getenv("PROCRUN")
local function output(code)
  local pipe = assert(io.popen(("'%s' -e '%s' 2>&1"):format(procrun, code)))
  local text = pipe:read("a")
  pipe:close()
  return text
end
assert(output([[process.exit_code = 3 print(process.exit_code, process.pid > 0)]]) == "3\ttrue\n")
assert(output([[process.mine = 3 print(process.mine, rawget(process, "mine"))]]) == "3\t3\n")
assert(output([[local p = require "process" print(p == process, p.pid > 0)]]) == "true\ttrue\n")
assert(output([[for k in pairs(process) do if k == "pid" then print(k) end end]]) == "pid\n")
