-- lua-term and lua-system: what standard output is.
local rock = require "tests.lib.rock"

rock.need("lua-term lua-system", "term", "system")
rock.same [[
local term, system = require "term", require "system"
print(term.isatty(io.stdout), term.isatty(io.stdin), tostring(term.colors.red "x"):byte(1, -1))
print(system.gettime() > 1e9, system.monotime() > 0, system.sleep(0.001))]]
