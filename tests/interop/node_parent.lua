-- Node's child_process.fork with execPath = procrun: its channel as one of our workers sees it.
-- requires: node>=20
-- timeout: 120
local check = require "tests.lib.check"
local proc = require "proc"

local procrun = require("path").absolute(assert(os.getenv "PROCRUN"))
local r = proc.run("node", { "tests/interop/fixtures/parent.js", procrun }, { timeout = 100 })
check.eq(r.stderr, "")
check.eq(r.stdout, "ok\n")
check.eq(r.code, 0)
