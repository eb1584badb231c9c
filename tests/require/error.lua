-- Errors of modules: a missing one as Lua words it, a syntax error, one at run time; each try anew.
local task = require "procrun.task"
local check = require "tests.lib.check"

local _, message = pcall(require, "no.such.module")
local start = "module 'no.such.module' not found:\n\tno field package.preload['no.such.module']\n"
check.eq(message:sub(1, #start), start)
for template in package.path:gmatch("[^;]+") do
  check.has(message, "\n\tno file '" .. template:gsub("?", "no/such/module") .. "'")
end
for template in package.cpath:gmatch("[^;]+") do
  check.has(message, "\n\tno file '" .. template:gsub("?", "no/such/module") .. "'")
end
_, message = pcall(function() require "nosuchmodule" end)
check.has(message,
  "tests/require/error.lua:14: module 'nosuchmodule' not found:\n"
    .. "\tno field package.preload['nosuchmodule']")
check.lacks(message, "built-in")
_, message = pcall(require, "procrun.nosuchmodule")
check.has(message, "\n\tno built-in module 'procrun.nosuchmodule'\n")

local tries = 0
package.preload.failing = function()
  tries = tries + 1
  task.sleep(0.001)
  error({tries = tries})
end
local first, second = task.spawn(pcall, require, "failing"), task.spawn(pcall, require, "failing")
check.eq(select(2, first:wait()).tries, 1)
check.eq(select(2, second:wait()).tries, 2)
check.eq(package.loaded.failing, nil)

local file = check.tmp("bad_syntax.lua")
check.write(file, "return = 1")
package.path = file:gsub("bad_syntax", "?") .. ";" .. package.path
_, message = pcall(require, "bad_syntax")
check.has(message,
  ("error loading module 'bad_syntax' from file '%s':\n\t%s:1: unexpected symbol near '='")
  :format(file, file))

check.raises("bad argument #1 to 'require' (string expected, got no value)", require)
check.raises("bad argument #1 to 'require' (string expected, got nil)", require, nil)
check.raises("bad argument #1 to 'require' (string expected, got table)", require, {})

-- The traceback shows the module's line and the one that required it.
check.write(check.tmp("broken.lua"), "local x\nx.y = 1\n")
local r = check.run "-- its folder holds broken.lua\nrequire 'broken'\n"
check.eq(r.code, 1)
check.has(r.err, "broken.lua:2: attempt to index a nil value")
check.has(r.err, "run1.lua:2: in main chunk")
