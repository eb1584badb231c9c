-- Regular files as standard input and output of a child: large reads end, positions are kept.
if arg[1] == "count" then
  local first = io.read()
  local rest = process.stdin:read("a")
  io.write(first, " ", #rest, "\n")
  print(io.read() == nil, io.read("a") == "", io.read(0) == nil)
  return
elseif arg[1] == "data" then
  local size = 0
  process.stdin:on("data", function(chunk) size = size + #chunk end)
  process.stdin:on("end", function() print(size) end)
  return
end
local tmp = os.getenv("TMPDIR")
local f = assert(io.open(tmp .. "/in", "w"))
f:write("first\n", ("x"):rep(3000000))
f:close()
local function run(what)
  local command = ("echo before >'%s/out'; '%s' '%s' %s <'%s/in' >>'%s/out'; echo after >>'%s/out'")
  assert(os.execute(command:format(tmp, arg[-1], arg[0], what, tmp, tmp, tmp)))
  local out = assert(io.open(tmp .. "/out"))
  local text = out:read("a")
  out:close()
  return text
end
local text = run("count")
assert(text == "before\nfirst 3000000\ntrue\ttrue\ttrue\nafter\n", text)
text = run("data")
assert(text == "before\n3000006\nafter\n", text)
