-- What process tells about this process, what can be set, and what cannot.
local function fails(message, fn, ...)
  local ok, err = pcall(fn, ...)
  assert(not ok and tostring(err):find(message, 1, true), tostring(err))
  assert(tostring(err):find("fields.lua:", 1, true), "it does not point here: " .. tostring(err))
end

local stat = assert(io.open("/proc/self/stat")):read("a")
local pid, ppid = stat:match("^(%d+) %b() %S+ (%d+)")
assert(process.pid == tonumber(pid) and process.ppid == tonumber(ppid))
assert(process.argv == arg and process.argv[0] == arg[0])
assert(process.platform == "linux")
local pipe = assert(io.popen("readlink -f /proc/$PPID/exe; nproc; pwd -P"))
local exe, cores, pwd = pipe:read("l", "l", "l")
pipe:close()
assert(process.exec_path == exe, process.exec_path)
assert(process.cores() == tonumber(cores) and process:cores() == process.cores())

-- The title is what ps shows, at most 15 bytes.
process.title = "a title that is too long"
assert(process.title == "a title that is")
assert(assert(io.open("/proc/self/comm")):read("l") == process.title)
fails("process.title: string expected, got number", function() process.title = 1 end)

-- The directory; functions take '.' and ':'.
assert(process.cwd() == process:cwd() and process.cwd() == pwd)
local dir = process.script_dir
assert(dir == process.cwd() .. "/tests/process", dir)
assert(process.chdir("/") == true and process.cwd() == "/" and process.script_dir == dir)
local ok, message, code = process:chdir("/nonsuch")
assert(ok == nil and message == "chdir /nonsuch: no such file or directory" and code == "ENOENT")
fails("bad argument #1 to 'chdir' (string expected, got nil)", function() process.chdir() end)

-- Time and memory.
local up = process.uptime()
assert(up > 0 and up < 60 and process:uptime() >= up)
local usage = process.usage()
assert(usage.rss > 100000 and usage.peak_rss >= usage.rss // 2)
local start = os.clock()
while os.clock() - start < 0.05 do math.sqrt(2) end
local later = process:usage()
assert(later.cpu_user + later.cpu_system > usage.cpu_user + usage.cpu_system)

-- Standard streams.
for fd, name in pairs {[0] = "stdin", "stdout", "stderr"} do
  local stream = process[name]
  assert(stream:fileno() and stream == process[name])
  assert(stream.is_tty == false and stream.columns == nil, fd)
  fails(("process.%s cannot be set"):format(name), function() process[name] = 1 end)
end

-- Unknown fields are nil, and are the script's to set; a channel is only there after a fork.
assert(process.nonsuch == nil)
process.nonsuch = 1
assert(process.nonsuch == 1)
assert(process.connected == false and process.channel == nil)
for _, name in ipairs {"send", "receive", "messages", "flush", "disconnect"} do
  fails(name .. ": not started with a channel", function() process[name](1) end)
  fails(name .. ": not started with a channel", function() process[name](process, 1) end)
end

-- pairs shows all that is public.
local seen = {}
for name, value in pairs(process) do
  assert(name:sub(1, 1) ~= "_" and value ~= nil)
  seen[name] = true
end
for _, name in ipairs {"pid", "argv", "env", "stdin", "title", "exit_code", "on", "nonsuch"} do
  assert(seen[name], name)
end

fails("process.exit_code: integer expected, got string", function() process.exit_code = "1" end)
fails("process.exit_code: integer expected, got number", function() process.exit_code = 1.5 end)
fails("process.exit_timeout: time expected", function() process.exit_timeout = {} end)
fails("bad argument #1 to 'exit' (integer or boolean expected, got table)", function()
  process.exit({})
end)
process.exit_timeout = "1.5s"
assert(process.exit_timeout == 1.5)
