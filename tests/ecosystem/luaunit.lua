-- luaunit: its runner, its reports and its status; tests that wait.
local rock = require "tests.lib.rock"
local check = require "tests.lib.check"

rock.need("lua-unit", "luaunit")
local SUITE <const> = [[
  local lu = require "luaunit"
  local sleep = process and require "procrun.task".sleep or function() end
  TestOne = {}
  function TestOne:setUp() sleep(0.001) self.value = 2 end
  function TestOne:tearDown() sleep(0.001) end
  function TestOne:testWaits() sleep(0.001) lu.assertEquals(self.value, 2) end
  function TestOne:testErrors()
    lu.assertErrorMsgContains("no", function() sleep(0.001) error "no" end)
  end
  function TestOne:testSkips() lu.skip "not today" end
  if os.getenv "FAILING" then
    function TestOne:testFails() sleep(0.001) lu.assertEquals({1, 2}, {1, 3}) end
    function TestOne:testRaises() sleep(0.001) error "by itself" end
  end
  os.exit(lu.LuaUnit.run("-o", os.getenv "FORMAT", "-n", os.getenv("TMPDIR") .. "/report"))]]
local function suite(env, fails)
  local still = "os.clock = function() return 0 end os.date = function() return 'today' end "
  return rock.same(still .. SUITE, {env = env, fails = fails})
end
suite {FORMAT = "text"}
suite {FORMAT = "tap"}
suite({FORMAT = "text", FAILING = "1"}, 2)
suite({FORMAT = "junit", FAILING = "1"}, 2)
check.has(check.read(check.tmp("report.xml")), "<testsuites>")

-- What only procrun can: programs, other tasks, a limit for a test.
local r = check.run [[
  local lu, proc, task = require "luaunit", require "proc", require "task"
  function testRuns() lu.assertEquals(proc.run("sh", {"-c", "exit 3"}).code, 3) end
  function testAtOnce()
    lu.assertEquals(task.map({1, 2}, 2, function(n) task.sleep("1ms") return n * n end), {1, 4})
  end
  function testLimit()
    lu.assertEquals({task.timeout("1ms", function() task.sleep("1h") end)},
      {nil, "timeout", "ETIMEDOUT"})
  end
  os.exit(lu.LuaUnit.run())]]
check.eq(r.code, 0, r.out .. r.err)
check.has(r.out, "Ran 3 tests")
