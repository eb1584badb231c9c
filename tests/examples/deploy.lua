-- deploy.lua brings a folder to every host and switches all of them over, or, where one is not
-- well, all of them back; the oldest releases go.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

example.need("tar", "gzip")
local environment, hosts = example.hosts()
local folder = check.tmp "-the app"
assert(fs.mkdir_p(folder))

local function deploy(version, check_command, switch)
  check.write(folder .. "/version", version .. "\n")
  check.write(folder .. "/it's $(x)", "")
  return proc.run(process.exec_path, { switch or "-W", example.file "deploy", "-d", "my app", "-k2",
    "-n", "v " .. version, "--check", check_command or "true", "--restart", "echo restarted >>log",
    "--", folder, "h1", "h2" }, { extend_env = environment, timeout = "60s" })
end

local function version(host)
  return fs.read(hosts .. "/" .. host .. "/my app/current/version")
end

local function releases(host)
  return assert(fs.readdir(hosts .. "/" .. host .. "/my app/releases"))
end

-- The first one fails on the second host: nothing is live.
local r = deploy("0", "test $HOST_IS = h1")
check.eq(r.code, 1)
check.has(r.stderr, "rolling back")
check.eq(version "h1", nil)
check.eq(version "h2", nil)
assert(not fs.is_link(hosts .. "/h1/my app/current"))

r = deploy("1", "grep -q 1 'my app/current/version'")
assert(r.ok, r.stderr)
check.has(r.stdout, "is live on h1, h2")
check.eq(version "h1", "1\n")
check.eq(version "h2", "1\n")
assert(fs.exists(hosts .. "/h2/my app/current/it's $(x)"))

r = deploy("2", "test $HOST_IS = h1")
check.eq(r.code, 1)
check.eq(version "h1", "1\n")
check.eq(version "h2", "1\n")
check.eq(fs.read(hosts .. "/h1/log"), ("restarted\n"):rep(5)) -- there, back, there, there, back

-- A release that is there is never written over.
r = deploy("1")
assert(not r.ok)
check.eq(version "h2", "1\n")

assert(deploy("3").ok)
check.eq(version "h2", "3\n")
check.eq(#releases "h1", 2)
assert(fs.is_dir(hosts .. "/h1/my app/releases/v 3"))

check.eq(example.run("deploy", { folder .. "/none", "h1" }).code, 2)
check.eq(example.run("deploy", { "--name=../x", folder, "h1" }).code, 2)

-- procrun -n shows what would be done, and does nothing.
r = deploy("4", "true", "-n")
assert(r.ok, r.stderr)
check.has(r.stderr, "+ ssh h1 ")
check.eq(r.stdout, "")
check.eq(version "h1", "3\n")
check.eq(#releases "h1", 2)

-- One that is gone meanwhile does not keep the others from going back.
r = deploy("4", "rm -r ../h2; false")
check.eq(version "h1", "3\n")
check.has(r.stderr, "h2 is NOT back")
