-- What keeps a parent alive: the child, each of its piped outputs, its channel; until unref'd, one
-- by one. A row: does it hold, the elements of stdio, what the script does with the child c.
local check = require "tests.lib.check"

local IGNORE <const> = "'ignore', 'ignore', 'ignore'"
local ONE <const> = "'ignore', 'pipe', 'ignore'"

local rows = {
  { true, IGNORE, "" },
  { false, IGNORE, "c:unref()" },
  { false, "'inherit', 'inherit', 'inherit'", "c:unref()" },
  { true, IGNORE, "c:unref() c:ref()" },
  { true, "'pipe', 'pipe', 'pipe'", "c:unref()" },
  { false, "'pipe', 'ignore', 'ignore'", "c:unref()" },
  { true, ONE, "c:unref()" },
  { false, ONE, "c:unref() c.stdout:unref()" },
  { false, ONE, "c.stdout:unref() c:unref()" },
  { true, ONE, "c.stdout:unref()" },
  { true, ONE, "c:unref() c.stdout:unref() c.stdout:ref()" },
  { true, ONE, "c:unref() c.stdout:unref() c:ref()" },
  { false, ONE, "c:unref() c.stdout:close()" },
  { true, "'pipe', 'pipe', 'pipe'", "c:unref() c.stdout:unref()" },
  { false, "'pipe', 'pipe', 'pipe'", "c:unref() c.stdout:unref() c.stderr:unref()" },
  { true, IGNORE .. ", 'pipe'", "c:unref()" },
  { false, IGNORE .. ", 'pipe'", "c:unref() c.stdio[3]:unref()" },
  { true, ONE, "c:unref() c.stdout:on('data', print)" },
  { false, ONE, "c:unref() c.stdout:on('data', print) c.stdout:unref()" },
  { false, ONE, "c:unref() c.stdout:unref() c.stdout:on('data', print)" },
  { true, ONE, "c:unref() c.stdout:on('data', print) c.stdout:unref() c.stdout:ref()" },
  { true, ONE, "c:unref() c.stdout:unref() c.stdout:read('a')" },
  { true, ONE, "c:unref() c.stdout:unref() c:wait()" },
  { false, "'pipe', 'pipe', 'pipe'", "c:forget()" },
  { true, IGNORE .. ", 'ipc'", "c:unref()" },
  { true, IGNORE .. ", 'ipc'", "c.channel:unref()" },
  { false, IGNORE .. ", 'ipc'", "c:unref() c.channel:unref()" },
  { false, IGNORE .. ", 'ipc'", "c:unref() c:disconnect()" },
  { false, IGNORE .. ", 'ipc'", "c:unref() c.channel:unref() c:on('message', print)" },
  { true, IGNORE .. ", 'ipc'", "c:unref() c.channel:unref() c.channel:ref()" },
}
for _, row in ipairs(rows) do
  local holds, stdio, text = table.unpack(row)
  local r = check.run(([[
    local c = assert(require "proc".spawn("sleep", {%s}, {stdio = {%s}}))
    process:on("exit", function()
      io.stdout:write((c:exit_code() or process.uptime() > %s) and "held" or "let go")
      c:kill("SIGKILL")
    end)
    %s]]):format(holds and 0.2 or 60, stdio, holds and 0.2 or 60, text))
  check.eq(r.out .. r.err, holds and "held" or "let go", stdio .. ": " .. text)
end

-- after the child: an output that a grandchild holds keeps alive while somebody listens to it
local r = check.run [[
  local c = require "proc".spawn("sh", {"-c", "(sleep 0.2; echo late) & exit 0"})
  c.stdout:on("data", function(chunk) io.write(chunk) end)
  c.stdout:on("end", function() print "end" end)]]
check.eq(r.out, "late\nend\n")
r = check.run [[
  local c = require "proc".spawn("sh", {"-c", "sleep 60 & echo $!; exit 0"},
    {stderr = "ignore"})
  c.stdout:on("data", function(chunk) io.write(chunk) end)
  c:on("exit", function() c.stdout:unref() end)]]
assert(process.kill(math.tointeger(tonumber(r.out)), "SIGKILL"))
