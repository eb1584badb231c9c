-- hosts: workers behind a launcher, here a stand-in for ssh that runs the words by a shell in a
-- folder of its own with an empty environment: the file is not there, slots count, outputs are
-- labelled, a lost connection is a crash, what is missing there is said.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local pool = require "procrun.pool"
local file = require "tests.lib.pool".file
local proc = require "procrun.proc"

assert(fs.mkdir_p(check.tmp "far"))
local procrun = assert(os.getenv "PROCRUN")
if procrun:sub(1, 1) ~= "/" then procrun = process.cwd() .. "/" .. procrun end
assert(fs.mkdir_p(check.tmp "bin"))
assert(fs.symlink(procrun, check.tmp "bin/procrun"))
local ssh = check.write(check.tmp "ssh", ([[#!/bin/sh
host=$1
shift
case $host in
  down) echo "ssh: connect to host down port 22: No route to host" >&2; exit 255 ;;
  bare) path=/usr/bin:/bin ;;
  old) echo "procrun: module 'procrun.pool.worker' not found:" >&2; exit 1 ;;
  other) echo '{"ready":99,"version":"procrun 9.9.9 (x)","pid":1}'; exec cat >/dev/null ;;
  newer) PATH=%s:$PATH; "$@" | sed -u 's/"procrun [^ ]*/"procrun 9.9.9/'; exit ;;
  noisy) echo "Welcome to noisy"; echo 123; echo '{"greeting": 1}'; path=%s:/usr/bin:/bin ;;
  *) path=%s:/usr/bin:/bin ;;
esac
cd '%s'
exec env -i PATH="$path" HOST="$host" sh -c "$*"
]]):format(check.tmp "bin", check.tmp "bin", check.tmp "bin", check.tmp "far"))
assert(fs.chmod(ssh, tonumber("755", 8)))

local worker = file [[
  local task = require "procrun.task"
  local helper = require "far_helper"
  return {
    where = function() return os.getenv "HOST", process.cwd(), process.pid, helper.name, arg[0] end,
    say = function(...) print(...) end,
    raise = function() error "far away" end,
    sleep = task.sleep,
    die = function() process.kill(process.pid, "SIGKILL") end,
  }]]
check.write(check.tmp "far_helper.lua", 'return { name = "helper\xff" }')
local function new(options)
  options.ssh, options.modules = { ssh }, { "far_helper" }
  return assert(pool.new(worker, options))
end

-- the helper's byte that is no UTF-8 arrives, and cannot be a result
do
  local p <close> = new { hosts = { "a" } }
  check.has(select(2, p:call "where"), "the result cannot be sent")
end
check.write(check.tmp "far_helper.lua", 'return { name = "helper" }')

do
  local p <close> = new { hosts = { "a", { host = "b", slots = 2 } } }
  check.eq(p:stats().size, 3)
  local count, pids = {}, {}
  local jobs = {}
  for i = 1, 3 do jobs[i] = p:start("sleep", 0.3) end
  for i = 1, 3 do check.eq(jobs[i]:wait(), true) end
  for _, one in ipairs(p:stats().workers) do
    count[one.host] = (count[one.host] or 0) + 1
    pids[one.pid] = true
  end
  check.eq(count.a, 1)
  check.eq(count.b, 2)
  local host, cwd, pid, helper, name = p:call "where"
  assert(host == "a" or host == "b", host)
  check.eq(cwd, fs.realpath(check.tmp "far"))
  assert(pids[pid])
  check.eq(helper, "helper")
  check.eq(name, worker)
  local _, err = p:call "raise"
  check.matches(err.message, "worker1.lua:6: far away$")
  assert(err.host == "a" or err.host == "b")

  -- a connection that is lost
  local _, why, code = p:call "die"
  check.eq(code, "EOWNERDEAD")
  check.has(why, "of " .. worker .. " at " .. why.host .. " ")
  assert(why.signal == "SIGKILL" or why.exit_code == 137, why) -- its shell may tell it so
  check.eq(p:with { retries = 1 }:call("sleep", 0), true)
end

-- what a shell there prints before
do
  local p <close> = new { hosts = { "noisy" } }
  check.eq(p:call "where", "noisy")
end

-- a host that does not answer, beside one that does
do
  local p <close> = new { hosts = { "down", "a" } }
  for _ = 1, 3 do check.eq(p:call "where", "a") end
end

local function fails(host, expected)
  local p <close> = new { hosts = { host } }
  local value, err, code = p:call "where"
  check.eq(value, nil)
  check.eq(code, expected or "ENOEXEC")
  check.eq(err.host, host)
  return err
end

local err = fails "down"
check.has(err, "at down cannot be started: `" .. ssh .. " down procrun ")
check.has(err, "failed with exit status 255")
check.has(err, "No route to host")
err = fails "bare"
check.has(err, "failed with exit status 127 (procrun has to be installed there")
check.has(err, "procrun: not found")

check.has(fails "old", "that procrun is older than ours and has no pool")
check.has(fails("other", "EPROTO"), "there is procrun 9.9.9, whose pools speak another protocol")

check.raises("'-oProxyCommand=x' would be an option of ssh", pool.new, worker,
  { hosts = { "-oProxyCommand=x" } })

-- outputs there are shown here by whole lines with the host in front
local script = check.write(check.tmp "say.lua", ([[
  local p <close> = require "procrun.pool".new(%q, { hosts = { "a" }, ssh = { %q },
    modules = { "far_helper" } })
  p:call("say", "one")
  p:call("say", "two")
  local other <close> = require "procrun.pool".new(%q, { hosts = { "newer" }, ssh = { %q },
    modules = { "far_helper" } })
  for _ = 1, 2 do other:call "say" end
]]):format(worker, ssh, worker, ssh))
local said = proc.run(procrun, { script }):check()
check.eq(said.stdout, "")
check.matches(said.stderr, "^a | one\na | two\n",
  "\nprocrun: pool: newer has procrun 9.9.9, here is procrun [%d.]+\n")
check.eq(select(2, said.stderr:gsub("9.9.9", "")), 1)
