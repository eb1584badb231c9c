-- ports.lua says which ports answer, of names, lists, ranges and IPv6.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local json = require "procrun.json"
local net = require "procrun.net"

local server = assert(net.listen { port = 0, host = "127.0.0.1" })
local gone = assert(net.listen { port = 0, host = "127.0.0.1" })
local open, closed = server:address().port, gone:address().port
gone:close()

local r = example.run("ports", { "127.0.0.1:" .. open })
check.eq(r.code, 0)
check.matches(r.stdout, "127%.0%.0%.1%s+" .. open .. "%s+open%s+%d+%.%d")

r = example.run("ports", { "--json", ("127.0.0.1:%d,%d-%d"):format(open, closed, closed) })
check.eq(r.code, 1)
check.has(r.stderr, "1 of 2 ports do not answer")
local list = assert(json.decode(r.stdout))
check.eq(list[1].open, true)
check.eq(list[2].open, false)
check.has(list[2].error, "refused")

-- Nobody answers for a full queue: the time that was given counts.
r = example.run("ports", { "-t", "100ms", "--json", "192.0.2.1:9" })
check.eq(r.code, 1)

for _, wrong in ipairs { "host", "host:", "h:80-70", "h:70000", "h:1-2-3", "", ":80", "h:80;rm",
  "h:,", "h:0", "h:99999999999999999999" } do
  r = example.run("ports", { "--", wrong })
  check.eq(r.code, 2, wrong)
  check.lacks(r.stderr, "traceback")
end

local six = net.listen { port = 0, host = "::1" }
if six then
  check.eq(example.run("ports", { "[::1]:" .. six:address().port }).code, 0)
  six:close()
end
server:close()
