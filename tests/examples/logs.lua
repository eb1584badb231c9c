-- logs.lua adds up what its workers count in logs, compressed or not; one worker that is killed is
-- replaced.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local json = require "procrun.json"
local proc = require "procrun.proc"

example.need "gzip"
local dir = check.tmp "log s"
assert(fs.mkdir_p(dir))
local function log(name, ...)
  return check.write(dir .. "/" .. name, table.concat({ ... }, "\n") .. "\n")
end
local function request(client, url, status, bytes)
  return ('%s - - [10/Oct/2025:13:55:36 +0000] "GET %s HTTP/1.1" %s %s "-" "curl \\"x\\""'):format(
    client, url, status, bytes)
end
log("-access.log", request("10.0.0.1", "/", 200, 512), request("10.0.0.2", "/x?q=1", 404, "-"),
  "junk")
log("old log", request("10.0.0.1", "/x?q=2", 503, 100), request("\xff", "/\xfe", 200, 1))
proc.run("gzip", { "old log" }, { cwd = dir }):check()

local r = example.run("logs", { "--json", "--", "-access.log", "old log.gz" }, { cwd = dir })
local found = assert(json.decode(r:check().stdout))
check.eq(found.requests, 4)
check.eq(found.bytes, 613)
check.eq(found.url["/%FE"], 1)
check.eq(found.unread, 1)
check.eq(found.url["/x"], 2)
check.eq(found.client["10.0.0.1"], 2)
check.eq(found.status["404"], 1)
check.eq(found.failed["/x"], 1)

r = example.run("logs", { "-n1", "-j1", "--", "-access.log", "old log.gz" }, { cwd = dir })
check.matches(r:check().stdout, "^4 requests, 613 bytes, 1 line", "\n2%s+/x\n",
  "\n2%s+10%.0%.0%.1\n")
check.lacks(r.stdout, "404")

-- What cannot be read fails the whole, and says what it was.
r = example.run("logs", { dir .. "/none" })
assert(not r.ok)
check.has(r.stderr, "cannot read " .. dir .. "/none")
check.eq(example.run("logs", { dir }).code, 2)
check.write(dir .. "/broken.gz", "this is no archive")
r = example.run("logs", { dir .. "/broken.gz" })
assert(not r.ok)
check.has(r.stderr, "gzip")
r = example.run("logs", { log("empty") })
check.eq(r.code, 1)
