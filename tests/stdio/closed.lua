-- Descriptors 0 to 2 that are missing at the start are /dev/null, and are no other file's number.
local TEST <const> = [[
local f = assert(io.open(os.getenv "TMPDIR" .. "/file", "w"))
assert(io.read() == nil or true)
print "x" io.stderr:write "y" process.stdout:write "z" process.stderr:write "w"
f:write("content")
f:close()
for fd = 0, 2 do
  local link = io.popen("readlink /proc/$PPID/fd/" .. fd):read("a")
  assert(link ~= "", fd)
end
os.exit(7)]]
for _, rest in ipairs { "<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-" } do
  local command = ("'%s' -e '%s' </dev/null >/dev/null 2>&1 %s"):format(arg[-1], TEST, rest)
  local _, _, status = os.execute(command)
  assert(status == 7, rest)
  assert(io.open(os.getenv("TMPDIR") .. "/file"):read("a") == "content", rest)
end

-- Closed by the script: the other side sees it, the number stays taken, print goes nowhere.
local pipe = assert(io.popen(([['%s' -e 'print "before" process.stdout:close() print "after"
  io.stderr:write(process.stdout:fileno() == nil and "closed" or "open")
  local f = io.open("/dev/null") require "task".sleep(0.1)' 2>&1 | cat]]):format(arg[-1])))
assert(pipe:read("a") == "before\nclosed")
pipe:close()
pipe = assert(io.popen(([[yes | { '%s' -e 'io.read() process.stdin:close() print(pcall(io.read))
  print(process.stdin:fileno())'; }]]):format(arg[-1])))
local text = pipe:read("a")
assert(text:find("^false\t.*the stream is closed\nnil\n$"), text)
pipe:close()
