-- bench.lua - the harness of scripts/bench; run by the procrun it measures, at the top level.
-- README.md beside it says what is measured and what a row is.

local fs = require "procrun.fs"
local json = require "procrun.json"
local proc = require "procrun.proc"
local timer = require "procrun.timer"
local load = require "tests.bench.lib.load"
local measure = require "tests.bench.lib.measure"
local options = require "tests.bench.lib.options"
local progress = require "tests.bench.lib.progress"
local report = require "tests.bench.lib.report"
local rows = require "tests.bench.lib.rows"
local tools = require "tests.bench.lib.tools"

local function die(message)
  io.stderr:write("bench: ", message, "\n")
  os.exit(2)
end

local function machine()
  local cpu = (fs.read("/proc/cpuinfo") or ""):match("model name%s*:%s*([^\n]+)") or "unknown"
  local kilobytes = (fs.read("/proc/meminfo") or ""):match("MemTotal:%s*(%d+)") or 0
  local kernel = proc.run("uname", { "-sr" }).stdout or ""
  return ("%d cores of %s, %.0f GB, %s"):format(process.cores(), cpu, kilobytes / 1e6,
    kernel:gsub("%s+$", ""))
end

-- A measurement has failed, unless it is a peer's loss of messages: that is what was to be shown.
local function is_failure(case, name)
  if name == "procrun" then return true end
  for _, lossy in ipairs(case.lossy) do
    if lossy == name then return false end
  end
  return true
end

local function count_failures(list)
  local count = 0
  for _, row in ipairs(list) do
    for _, case in ipairs(row.cases) do
      for name in pairs(case.failed) do
        if is_failure(case, name) then count = count + 1 end
      end
    end
  end
  return count
end

local function run(chosen, list)
  local began, found = timer.now(), tools.find()
  if #found.missing > 0 then progress.say("not here: " .. table.concat(found.missing, ", ")) end
  local result = { date = os.date("!%Y-%m-%d %H:%M UTC"), machine = machine(),
    versions = json.object(found.versions), missing = json.array(found.missing),
    rows = json.array {} }
  local others = load.start()
  for i, row in ipairs(list) do result.rows[i] = measure.row(row, found, chosen.rounds) end
  progress.clear()
  result.seconds, result.others = timer.now() - began, others()
  result.failures = count_failures(result.rows)
  return result
end

local chosen, why = options.parse(arg)
if not chosen then die(why .. "; --help lists what there is") end
if chosen.help then
  io.write(options.help)
  os.exit(0)
elseif chosen.list then
  for _, name in ipairs(rows.names()) do print(name) end
  os.exit(0)
end
if chosen.shell then
  require "tests.bench.shell"
  os.exit(0)
end
local list
list, why = rows.select(chosen.only)
if not list then die(why) end

local result = run(chosen, list)
local out = chosen.json and io.stderr or io.stdout
out:write(report.text(result))
if chosen.json then print(json.encode(result, { sort_keys = true })) end
if result.failures > 0 then
  io.stderr:write(("bench: %d measurements failed; the notes say why\n"):format(result.failures))
end
os.exit(result.failures == 0 and 0 or 1)
