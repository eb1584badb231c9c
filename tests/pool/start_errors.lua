-- What cannot be started is told at once and clearly, and is not started again and again.
local check = require "tests.lib.check"
local pool = require "procrun.pool"
local file = require "tests.lib.pool".file

local function fails(code, text, ...)
  local p, message, got = pool.new(...)
  check.eq(p, nil)
  check.has(message, text)
  check.eq(got, code)
end

fails("ENOENT", "/nonexistent.lua: no such file", "/nonexistent.lua")
fails("ENOEXEC", "near <eof>", file "return function(")
fails("ENOEXEC", "returns nothing", file "local x = 1", { min = 1 })
fails("ENOEXEC", "returns number", file "return 7", { min = 2 })
fails("ENOEXEC", "has no function in it", file "return {1}", { min = 1 })
fails("ENOEXEC", "no data", file "error 'no data'", { min = 1 })
fails("ENOENT", "/nonexistent/procrun", file "return print", { min = 1,
  exec_path = "/nonexistent/procrun" })
fails("ENOENT", "modules: ", file "return print", { modules = { "not_there" } })
fails("ETIMEDOUT", "was not ready after 0.2 s",
  file "require 'procrun.task'.sleep(60)", { min = 1, start_timeout = 0.2 })

-- without min: the calls are told, each by one start
local p <close> = assert(pool.new(file "os.exit(7)", { size = 3 }))
for i = 1, 3 do
  local value, err, code = p:call(1)
  check.eq(value, nil)
  check.has(err, "ended with status 7 before it was ready")
  check.eq(code, "ENOEXEC")
  check.eq(p:stats().start_failures, i)
end
local _, err = p:call(1)
check.eq(err.exit_code, 7)

check.raises("option 'size': positive integer expected, got 0", pool.new, "x.lua", { size = 0 })
check.raises("unknown option 'sise'", pool.new, "x.lua", { sise = 1 })
check.raises("the pool itself sees to the streams", pool.new, "x.lua", { stdout = "pipe" })
check.raises("path of a Lua file expected, got table", pool.new, {})
check.raises("'min': at most the size (1) expected, got 2", pool.new, file "return print",
  { size = 1, min = 2 })
