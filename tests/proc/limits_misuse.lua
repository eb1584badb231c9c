-- limits: unknown names and wrong values are errors that name the option and the value.
local proc = require "procrun.proc"
local check = require "tests.lib.check"

local function fails(text, limits)
  check.raises("spawn: " .. text, proc.spawn, "true", { limits = limits })
end

fails("limits: unknown limit 'ram' (known: core, cpu, file_size, files, memory, nice, processes)",
  { ram = 1 })
fails("limits: unknown limit '1' (known: ", { 1 })
fails("limits: table expected, got 3", 3)
fails("limits.cpu: time (seconds, or \"1.5s\") expected, got \"soon\"", { cpu = "soon" })
fails("limits.cpu: time above 0 expected, got 0", { cpu = 0 })
fails("limits.cpu: time (seconds, or \"1.5s\") expected, got -1", { cpu = -1 })
fails("limits.memory: size (bytes, or \"64M\") expected, got -1", { memory = -1 })
fails("limits.file_size: size (bytes, or \"64M\") expected, got 1.5", { file_size = 1.5 })
fails("limits.core: size (bytes, or \"64M\") expected, got boolean", { core = true })
fails("limits.files: integer from 0 on expected, got \"64\"", { files = "64" })
fails("limits.processes: integer from 0 on expected, got -3", { processes = -3 })
fails("limits.nice: integer from -20 to 19 expected, got 20", { nice = 20 })
fails("limits.nice: integer from -20 to 19 expected, got inf", { nice = math.huge })
fails("limits.cpu: time (seconds, or \"1.5s\") expected, got ", { cpu = 0 / 0 })


-- more time than can be counted is no limit
for _, time in ipairs { 1e300, math.maxinteger, math.huge } do
  assert(proc.run("true", { limits = { cpu = time } }).ok)
end

check.raises("run: limits.files:", proc.run, "true", { limits = { files = {} } })
check.raises("pipeline: limits.files:", proc.pipeline, { "true" }, { limits = { files = {} } })
check.raises("fork: limits.files:", proc.fork, "x.lua", { limits = { files = {} } })

local child <close> = assert(proc.spawn("sleep", { 60 }))
check.raises("limit: limits.files: integer from 0 on expected, got \"x\"", child.limit, child,
  { files = "x" })
check.raises("limit: limits: table expected, got nil", child.limit, child)
check.raises("call it with a colon: child:limit(...)", child.limit, { files = 1 })
