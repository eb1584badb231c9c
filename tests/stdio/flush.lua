-- io.flush and io.stdout:flush send what is queued before they return; setvbuf decides for a pipe.
if arg[1] then
  local how, out = arg[1], io.stdout
  if how == "no" or how == "line" or how == "full" then assert(out:setvbuf(how)) end
  io.write("one\n")
  io.write("two")
  if how == "flush" then assert(out:flush() == true) end
  if how == "io" then assert(io.flush() == true) end
  io.stderr:write(process.pid, "\n")
  while true do end -- until it is killed: no turn of the loop, no exit that flushes
end
local expected = { flush = "one\ntwo", io = "one\ntwo", no = "one\ntwo", line = "one\n", full = "",
  nothing = "" }
local fifo = os.getenv("TMPDIR") .. "/go"
assert(os.execute(("mkfifo '%s'"):format(fifo)))
for how, text in pairs(expected) do
  local run = ("'%s' '%s' %s 2>'%s' | cat"):format(arg[-1], arg[0], how, fifo)
  local kill = ("read pid <'%s'; kill -9 $pid"):format(fifo)
  local pipe = assert(io.popen(("%s & %s; wait"):format(run, kill)))
  local got = pipe:read("a")
  pipe:close()
  assert(got == text, ("%s: %q"):format(how, got))
end
