-- A SIGTERM that comes when all Lua code but a finalizer has ended is told by the exit status, too.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local r = proc.run(os.getenv("PROCRUN"), {"-e", [[
  keep = setmetatable({}, {__gc = function() process.kill(process.pid, "TERM") end})
]]})
check.eq(r.code, 128 + 15, tostring(r))
