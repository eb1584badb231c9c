-- print, io.write, io.stdout, process.stdout and standard error keep one order on one pipe; a slow
-- reader loses nothing, and memory stays bounded.
if arg[1] == "all" then
  local ways = {
    print,
    function(i) io.write(i, "\n") end,
    function(i) assert(io.stdout:write(i, "\n") == io.stdout) end,
    function(i) assert(process.stdout:write(i, "\n") == process.stdout) end,
    function(i) io.stderr:write(i, "\n") end,
    function(i) process.stderr:write(i .. "\n") end,
  }
  for i = 1, 100000 do ways[(i * 7 + i // 11) % #ways + 1](i) end
  return
elseif arg[1] == "much" then
  local text = ("x"):rep(999)
  for _ = 1, 100000 do print(text) end
  local status = io.open("/proc/self/status"):read("a")
  io.stderr:write(status:match("VmHWM:%s*(%d+)"), "\n")
  return
end

local function start(what, rest)
  return assert(io.popen(("'%s' '%s' %s %s"):format(arg[-1], arg[0], what, rest)))
end

local pipe = start("all", "2>&1 | { sleep 0.2; cat; }")
local count = 0
for line in pipe:lines() do
  count = count + 1
  assert(line == tostring(count), line)
end
assert(pipe:close() and count == 100000, count)

local name = os.getenv("TMPDIR") .. "/out"
assert(start("all", (">'%s' 2>&1"):format(name)):close())
count = 0
for line in io.lines(name) do -- one open file, one position
  count = count + 1
  assert(line == tostring(count), line)
end
assert(count == 100000, count)

pipe = start("much", ("2>'%s' | { sleep 0.1; wc -c; }"):format(name))
assert(pipe:read("n") == 100000000)
pipe:close()
local peak = io.open(name):read("n")
assert(peak < (os.getenv("PROCRUN_BUILD") ~= "" and 200000 or 16000), peak)
