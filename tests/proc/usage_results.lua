-- Every result has a usage with the same fields: of what failed, could not start, was ended, and of
-- a pipeline and its stages; that of a pipeline is their sum, its peak the largest.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local function names(t)
  local list = {}
  for name in pairs(t) do list[#list + 1] = name end
  table.sort(list)
  return table.concat(list, " ")
end

local FIELDS = "cpu cpu_system cpu_user involuntary_switches major_faults minor_faults peak_rss "
  .. "read_bytes voluntary_switches write_bytes"

local function has_usage(what, r)
  check.eq(names(r.usage), FIELDS, what)
  for name, value in pairs(r.usage) do assert(value >= 0, what .. ": " .. name) end
  assert(math.abs(r.usage.cpu - r.usage.cpu_user - r.usage.cpu_system) < 1e-6)
end

local function is_zero(what, r)
  has_usage(what, r)
  for name, value in pairs(r.usage) do assert(value == 0, what .. ": " .. name) end
end

has_usage("run", proc.run("true"))
has_usage("status 1", proc.run("false"))
is_zero("not found", proc.run("/no/such/program"))
is_zero("no directory", proc.run("true", { cwd = "/no/such/dir" }))
has_usage("timeout", proc.run("sleep", { 60 }, { timeout = "10ms" }))
has_usage("overflow", proc.run("yes", { max_buffer = 1000 }))
has_usage("exec", proc.exec("exit 3"):wait())
has_usage("fork", proc.fork("-e", { "process.exit(1)" }):wait())
local child = proc.spawn("true", { stdio = "ignore" })
child:on("exit", function() has_usage("the result looked at early", child.result) end)
has_usage("spawn", child:wait())
proc.exec_file("false", function(err) has_usage("callback", err.result) end)

local r = proc.pipeline({ "seq", 20000 }, { "sort", "-rn" }, { "head", "-n", 1 })
has_usage("pipeline", r)
local cpu, peak, faults = 0, 0, 0
for i, stage in ipairs(r.stages) do
  has_usage("stage " .. i, stage)
  cpu, faults = cpu + stage.usage.cpu, faults + stage.usage.minor_faults
  peak = math.max(peak, stage.usage.peak_rss)
end
assert(math.abs(r.usage.cpu - cpu) < 1e-9)
check.eq(r.usage.minor_faults, faults)
check.eq(r.usage.peak_rss, peak)

r = proc.pipeline({ "true" }, { "/no/such/program" })
has_usage("pipeline that does not start", r)
has_usage("its first stage", r.stages[1])
is_zero("its second stage", r.stages[2])
