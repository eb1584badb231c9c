-- Without a free descriptor both fail with EMFILE, leaving nothing; no child inherits an end.
if arg[1] == "child" then
  local pipe = require "procrun.pipe"
  local open = {}
  while true do
    local a, b, code = pipe.new()
    if not a then
      assert(type(b) == "string" and code == "EMFILE", code)
      break
    end
    open[#open + 1], open[#open + 2] = a, b
  end
  assert(select(3, pipe.pair()) == "EMFILE")
  for _, each in ipairs(open) do each:close() end
  local a, b = assert(pipe.pair())
  a:close()
  b:close()
  return
end
local command = ("ulimit -n 40; exec '%s' '%s' child"):format(arg[-1], arg[0])
assert(os.execute(command))

local pipe = require "procrun.pipe"
local function count()
  local list = assert(io.popen("ls /proc/self/fd | wc -l"))
  local n = list:read("n")
  list:close()
  return n
end
local before = count()
local reader, writer = pipe.new()
local one, other = pipe.pair()
assert(count() == before)
for _, each in ipairs { reader, writer, one, other } do each:close() end
