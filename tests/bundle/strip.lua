-- --strip makes a smaller bundle that works, its C API for modules included.
-- requires: strip
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"
local fs = require "procrun.fs"

local files = {["main.lua"] = [[
local worker = require "proc".fork("worker.lua")
print(worker:receive(), require "bundle".read("data"))
worker:disconnect()]], ["worker.lua"] = "process:send 'worker'", ["data"] = "data"}
local plain = bundle.make("plain", files)
local stripped = bundle.make("stripped", files, {"--strip"})
check.eq(bundle.run(stripped), "worker\tdata")
assert(fs.stat(stripped).size < fs.stat(plain).size)

-- Where there is no strip: what to do.
local result = bundle.bundle({check.tmp("plain-src"), "--strip", "-o", check.tmp("x")},
  {env = {PATH = "/nonsuch"}})
check.eq(result.code, 1)
check.has(result.stderr, "--strip: there is no program 'strip' here; install binutils, or go")
check.eq(fs.exists(check.tmp("x")), false)
