-- --help, --version, -v, -i: what they say, where, and with which status.
local procrun = os.getenv("PROCRUN")

local function run(arguments)
  local command = "'%s' %s </dev/null 2>&1 >&-; echo $?; '%s' %s 2>&- </dev/null"
  local pipe = assert(io.popen(command:format(procrun, arguments, procrun, arguments)))
  local text = pipe:read("a")
  pipe:close()
  local err, status, out = text:match("^(.-)(%d+)\n(.*)$")
  return tonumber(status), out, err
end

local status, out, err = run("--help")
assert(status == 0 and err == "" and out:find("^usage: procrun %[options%]"), out .. err)
for _, option in ipairs {"-e stat", "-l mod", "-i", "-v", "-E", "-W", "--help", "--version"} do
  assert(out:find("\n  " .. option, 1, true), option)
end
for _, name in ipairs {"events", "proc", "timer"} do
  assert(out:find(" " .. name .. "%f[%W]"), name)
end
assert(not out:find("runtime") and not out:find("%.child"))

local version = "^procrun %d+%.%d+%.%d+ %(libuv 1%.%d+%.%d+, Lua 5%.4%.%d+%)\n$"
for _, option in ipairs {"--version", "-v"} do
  status, out, err = run(option)
  assert(status == 0 and out:find(version) and err == "", out .. err)
end
status, out = run("-v -e 'print(1)'")
assert(status == 0 and out:find("%)\n1\n$"), out)
status, out, err = run("-i")
assert(status == 0 and out:find(version:sub(1, -2) .. "> \n$") and err == "", out .. err)
