-- A module's main chunk may wait; a second requirer waits for the first; it runs once.
local task = require "procrun.task"
local check = require "tests.lib.check"

local file = check.tmp("slow_module.lua")
check.write(file, [[
local task = require "procrun.task"
RUNS = (RUNS or 0) + 1
task.sleep(0.005)
for v in coroutine.wrap(function() task.sleep(0.001) coroutine.yield(1) end) do FROM = v end
return {name = ..., data = select(2, ...)}
]])
package.path = file:gsub("slow_module", "?") .. ";" .. package.path
local function load() return require "slow_module" end
local a, b = task.spawn(load), task.spawn(load)
local module, data = a:wait()
check.eq(data, file)
check.eq(module.name, "slow_module")
check.eq(module.data, file)
check.eq(b:wait(), module)
check.eq(load(), module)
check.eq(_G.RUNS, 1)
check.eq(_G.FROM, 1)
check.eq(package.loaded.slow_module, module)

-- Waiting for it can be cancelled and has a limit.
package.preload.slower = function() task.sleep(0.03) return "slower" end
a = task.spawn(require, "slower")
b = task.spawn(require, "slower")
task.yield()
b:cancel()
check.eq(select(3, b:wait()), "ECANCELED")
check.eq(select(3, task.timeout(0.001, require, "slower")), "ETIMEDOUT")
check.eq((a:wait()), "slower")

-- Modules that require one another from two tasks, without a loop.
package.preload.x = function() task.sleep(0.002) return {require "z"} end
package.preload.y = function() task.sleep(0.001) return {require "z"} end
package.preload.z = function() task.sleep(0.005) return {} end
local r = task.all{function() return require "x" end, function() return require "y" end}
check.eq(r[1][1], r[2][1])
