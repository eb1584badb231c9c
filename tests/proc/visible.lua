-- The option visible: how results, errors and --trace show a command whose arguments are secrets.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local shown = {"printf", "%s", "***"}
local r = proc.run("printf", {"%s", "t0p"}, {visible = shown})
check.eq(r.stdout, "t0p")
check.eq(r.command, "printf %s '***'")
check.eq(r.argv[3], "***")
r = proc.run {"sh", "-c", "exit 3 # t0p", visible = {"sh", "-c", "***"}}
check.eq(tostring(r), "`sh -c '***'` failed with exit status 3")
r = proc.run {"/no/such", "t0p", visible = {"/no/such", "***"}}
check.eq(r.command, "/no/such '***'")
check.eq(r.argv[2], "***")
r = proc.pipeline({"printf", "%s", "t0p", visible = shown}, {"cat"})
check.eq(r.stdout, "t0p")
check.eq(r.command, "printf %s '***' | cat")
check.eq(r.stages[1].argv[3], "***")
r = proc.run("exit 3 # t0p", {shell = true, visible = {"exit", 3}})
check.eq(r.command, "exit 3")
local child = proc.spawn {"true", "t0p", visible = {"true", "***"}}
check.eq(child.spawnargs[2], "t0p")
check.eq(child:wait().command, "true '***'")
check.raises("option 'visible': list of strings", function()
  return (proc.run {"true", visible = {1, nil, {}}})
end)

local text = check.run([[
local proc = require "proc"
proc.run {"printf", "%s", "t0p", visible = {"printf", "%s", "***"}}
proc.run("true", {"seen"})]], "--trace=proc").err
check.has(text, 'file=printf args="%s ***"')
check.has(text, "args=seen")
check.lacks(text, "t0p")
