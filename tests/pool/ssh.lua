-- Workers over a real ssh, to an sshd of this test: the text of the file is sent along; big
-- messages; a connection that is lost; a procrun that is not there.
-- timeout: 60
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local pool = require "procrun.pool"
local file = require "tests.lib.pool".file

local bin = check.tmp "bin"
assert(fs.mkdir_p(bin))
assert(fs.symlink(assert(fs.realpath(os.getenv "PROCRUN")), bin .. "/procrun"))
local sshd <close> = require "tests.lib.sshd".start { path = bin .. ":/usr/bin:/bin" }

local worker = file [[
  return {
    tell = function() return process.cwd(), os.getenv "SSH_CONNECTION" ~= nil, arg[0] end,
    echo = function(...) return ... end,
    raise = function() error "there" end,
    parent = function() return process.ppid, process.pid end,
    stay = function() require "procrun.task".sleep(60) end,
  }]]

do
  local p <close> = assert(pool.new(worker, { ssh = sshd.ssh, hosts = { { host = sshd.host,
    slots = 2 } } }))
  local _, over_ssh, name = p:call "tell"
  check.eq(over_ssh, true)
  check.eq(name, worker)
  local big = ("0123456789"):rep(200000)
  check.eq(p:call("echo", big), big)
  local items = {}
  for i = 1, 300 do items[i] = i end
  local results = p:map("echo", items)
  for i = 1, 300 do check.eq(results[i], i) end
  check.matches(select(2, p:call "raise").message, "worker1.lua:4: there$")

  -- the connection is lost: our ssh is killed while there is a job
  local job, again = p:start "stay", p:with { retries = 1 }:start("parent")
  local parent, pid = again:wait(20)
  assert(math.type(parent) == "integer" and math.type(pid) == "integer")
  for _, one in ipairs(assert(require "procrun.proc".list { ppid = process.pid })) do
    if one.name == "ssh" then process.kill(one.pid, "SIGKILL") end
  end
  local _, err, code = job:wait(20)
  check.eq(code, "EOWNERDEAD")
  check.has(err, "at " .. sshd.host .. " was ended by SIGKILL")
  check.eq(p:with { retries = 2 }:call("echo", 5), 5)
end

fs.remove(bin .. "/procrun")
local p <close> = assert(pool.new(worker, { ssh = sshd.ssh, hosts = { sshd.host } }))
local _, err, code = p:call "tell"
check.eq(code, "ENOEXEC")
check.has(err, "exit status 127 (procrun has to be installed there")
