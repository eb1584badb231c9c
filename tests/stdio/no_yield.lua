-- Where a task cannot be suspended print blocks: nothing is lost, nothing is raised.
if arg[1] then
  local line = ("x"):rep(99)
  local t = {}
  for i = 1, 300 do t[i] = i end
  table.sort(t, function(a, b)
    print(line)
    return a > b
  end)
  local _ = ("a"):rep(1000):gsub(".", function() io.write(line, "\n") end)
  for _ = 1, 1000 do setmetatable({}, {__gc = function() process.stdout:write(line, "\n") end}) end
  collectgarbage()
  print(setmetatable({}, {__tostring = function()
    for _ = 1, 1000 do print(line) end
    return line
  end}))
  assert(coroutine.wrap(function()
    for _ = 1, 1000 do print(line) end
    return true
  end)())
  local count = 0
  for _ in pairs(setmetatable({}, {__pairs = function()
    for _ = 1, 1000 do io.stdout:write(line, "\n") end
    return next, {}
  end})) do count = count + 1 end
  return
end
local name = os.getenv("TMPDIR") .. "/lines"
local command = ("'%s' '%s' x | { sleep 0.1; cat >'%s'; }"):format(arg[-1], arg[0], name)
assert(os.execute(command))
local count = 0
for line in io.lines(name) do
  assert(#line == 99, line)
  count = count + 1
end
local sorted = count - 5001
assert(sorted > 600 and sorted < 20000, count)
