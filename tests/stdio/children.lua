-- What was printed before comes before what a child writes to the same descriptor.
if arg[1] then
  local proc = require "procrun.proc"
  local n = 0
  local function say(write, ...)
    n = n + 1
    write(..., n, "\n")
  end
  local function put(...) io.write(...) end
  for _ = 1, 20 do
    say(put, "")
    n = n + 1
    proc.run("echo", { tostring(n) }, { stdout = "inherit" })
    say(put, "")
    n = n + 1
    os.execute("echo " .. n)
    say(put, "")
    n = n + 1
    assert(io.popen("cat >&" .. 1, "w")):write(n, "\n"):close()
    say(put, "")
    n = n + 1
    proc.exec("echo " .. n, { stdio = "inherit" }):wait()
    if arg[1] == "much" then io.write(("."):rep(100000), "\n") end
  end
  return
end
for _, what in ipairs { "little", "much" } do
  local command = ("'%s' '%s' %s | { sleep 0.1; grep -v '[.]'; }"):format(arg[-1], arg[0], what)
  local pipe, count = assert(io.popen(command)), 0
  for line in pipe:lines() do
    count = count + 1
    assert(line == tostring(count), line)
  end
  pipe:close()
  assert(count == 160, count)
end
