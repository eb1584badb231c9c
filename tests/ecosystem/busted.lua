-- busted: its own program with --lua, and run by procrun; tests, set-up and tear-down that wait,
-- spies, reports, statuses.
local rock = require "tests.lib.rock"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

rock.need("lua-busted", "busted.runner")
local busted = rock.program("lua-busted", "busted")
fs.mkdir(check.tmp "spec")
check.write(check.tmp "spec/waits_spec.lua", [[
  local proc, task = require "procrun.proc", require "procrun.task"
  describe("what waits", function()
    local n = 0
    setup(function() task.sleep("1ms") n = 1 end)
    before_each(function() task.sleep("1ms") n = n + 1 end)
    after_each(function() task.yield() end)
    teardown(function() task.sleep("1ms") end)
    it("sleeps", function()
      task.sleep("1ms")
      assert.is_true(n >= 2)
    end)
    it("runs programs", function()
      local r = proc.run("sh", {"-c", "echo out; exit 3"})
      assert.same({3, "out\n"}, {r.code, r.stdout})
    end)
    it("spies", function()
      local s = spy.new(function() task.sleep("1ms") end)
      s(5)
      assert.spy(s).was.called_with(5)
    end)
    it("catches", function()
      assert.has_error(function() task.sleep("1ms") error("boom", 0) end, "boom")
    end)
    it("yields", function()
      local g = coroutine.wrap(function()
        for i = 1, 3 do
          task.sleep("1ms")
          coroutine.yield(i)
        end
      end)
      assert.equals(6, g() + g() + g())
    end)
    it("insulates", function() assert.equals(4, #task.map({1, 2, 3, 4}, 2, task.yield)) end)
    pending("later")
    if os.getenv "FAILING" then
      it("fails", function() task.sleep("1ms") assert.equals(1, 2) end)
      it("raises", function() task.sleep("1ms") error("no luck") end)
    end
    if os.getenv "EXITING" then it("exits", function() os.exit(7) end) end
  end)]])

local procrun = process.exec_path
local function run(args, env)
  local options = {cwd = os.getenv("TMPDIR"), env = rock.env(env), timeout = 60}
  return proc.run(table.remove(args, 1), args, options)
end
local GOOD <const> = "6 successes / 0 failures / 0 errors / 1 pending"
for _, args in ipairs {{busted, "--lua=" .. procrun}, {procrun, busted}} do
  local r = run(args)
  check.has(r.stdout .. r.stderr, GOOD)
  check.values({r.code, r.stderr}, 0, "")
end
check.has(run {procrun, busted, "--repeat=2", "--shuffle"}.stdout, GOOD)
check.has(run {procrun, busted, "-o", "TAP"}.stdout, "ok 2 - what waits runs programs")
check.has(run {procrun, busted, "-o", "junit"}.stdout, "name='what waits runs programs'")
local r = run({procrun, busted}, {FAILING = "1"})
check.has(r.stdout, "6 successes / 1 failure / 1 error / 1 pending")
check.has(r.stdout, "waits_spec.lua:37: no luck")
check.eq(r.code, 1)
check.eq(run({procrun, busted}, {EXITING = "1"}).code, 7)
