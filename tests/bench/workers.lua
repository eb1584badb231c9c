-- workers.lua - N workers at once: build/procrun tests/bench/workers.lua [N] [--listen] [--json]
-- Each answers a message, a broadcast goes to all and all answer, one in a hundred is killed and
-- replaced, all disconnect. Prints what each phase takes and what a worker costs; exit 1, and what
-- is missing, unless every answer came once and neither a child nor a descriptor is left.
-- --listen: answers come to listeners instead of receive(). --json: one object, for machines.

local fs = require "procrun.fs"
local json = require "procrun.json"
local path = require "procrun.path"
local proc = require "procrun.proc"
local task = require "procrun.task"
local timer = require "procrun.timer"

local SAMPLE <const> = 20      -- workers whose memory is read
local PATIENCE <const> = 120   -- seconds in which an answer or an end has come, or is missing
local KEPT <const> = 40        -- descriptors for what is open beside the channels

local function die(format, ...)
  io.stderr:write("workers.lua: ", format:format(...), "\n")
  os.exit(2)
end

-- The parent's end of a channel is one descriptor; one that watches a worker is not needed.
local function most()
  local limits = fs.read("/proc/self/limits") or ""
  local hard = tonumber(limits:match("Max open files%s+%S+%s+(%d+)") or math.maxinteger)
  return hard - KEPT, hard
end

local count, listens, as_json = 100, false, false
for _, word in ipairs(arg) do
  if word == "--listen" then
    listens = true
  elseif word == "--json" then
    as_json = true
  else
    count = math.tointeger(tonumber(word)) or 0
    if count < 1 then die("'%s': a number from 1 on, --listen or --json expected", word) end
  end
end
local room, hard = most()
if count > room then
  die("%d workers: there are descriptors for %d, by the hard limit of %d (ulimit -Hn)", count, room,
    hard)
end

local script = path.join(path.dirname(arg[0]), "procrun", "answer.lua")
local report = { workers = count }
local missing = {}

local function miss(format, ...)
  missing[#missing + 1] = format:format(...)
end

-- What the system says ----------------------------------------------------------------------------

local function memory_of(pid)
  local text = fs.read(("/proc/%s/smaps_rollup"):format(pid)) or ""
  local function kib(name) return math.tointeger(tonumber(text:match(name .. ":%s+(%d+)") or 0)) end
  return { pss = kib "Pss" * 1024, private_dirty = kib "Private_Dirty" * 1024 }
end

local function descriptors()
  return #fs.readdir("/proc/self/fd")
end

local function children()
  local found = {}
  for pid in (fs.read("/proc/self/task/" .. process.pid .. "/children") or ""):gmatch("%d+") do
    found[#found + 1] = pid
  end
  return found
end

-- The workers -------------------------------------------------------------------------------------

local workers = {} -- number -> child
local answers = {} -- number -> what it should answer next, or nil once it has
local open, all_answered = 0, task.event() -- answers still to come

local function check_answer(number, message)
  local wanted = answers[number]
  if type(message) ~= "table" or message[1] ~= number or message[2] ~= wanted then
    miss("worker %d: answer %s instead of %s", number, json.encode(message), wanted or "none")
    return
  end
  answers[number] = nil
  open = open - 1
  if open == 0 then all_answered:set() end
end

local function start(number)
  local child, message = proc.fork(script, { number })
  if not child then error(message) end
  if listens then
    child:on("message", function(answer) check_answer(number, answer) end)
  end
  workers[number] = child
end

local function ask(number, question)
  answers[number] = question
  open = open + 1
  local ok, message = workers[number]:send(question)
  if not ok then miss("worker %d: %s", number, message) end
end

-- The answers to all that was asked.
local function collect(numbers)
  if listens then
    if open > 0 then all_answered:wait(PATIENCE) end
    all_answered:clear()
  else
    for _, number in ipairs(numbers) do
      local message, why = workers[number]:receive(PATIENCE)
      if message then check_answer(number, message) else miss("worker %d: %s", number, why) end
    end
  end
  if open > 0 then miss("%d answers", open) end
  open, answers = 0, {}
end

local function phase(name, run, ...)
  local began = timer.now()
  run(...)
  report[name] = timer.now() - began
end

local function ask_and_collect(numbers, question)
  for _, number in ipairs(numbers) do ask(number, question) end
  collect(numbers)
end

local function fork_all(numbers)
  for _, number in ipairs(numbers) do start(number) end
end

local function cpu(usage)
  return usage.cpu_user + usage.cpu_system
end

local worker_cpu = 0 -- seconds, of those that have ended

local function wait_end(number, code, signal)
  local child = workers[number]
  local result = child:wait(PATIENCE)
  worker_cpu = worker_cpu + (result and cpu(result.usage) or 0)
  if not result then
    miss("worker %d (pid %d) still runs", number, child.pid)
  elseif result.code ~= code or result.signal ~= signal then
    miss("worker %d: %s", number, result)
  end
end

local function replace(numbers)
  for _, number in ipairs(numbers) do assert(workers[number]:kill "SIGKILL") end
  for _, number in ipairs(numbers) do wait_end(number, nil, "SIGKILL") end
  fork_all(numbers)
  ask_and_collect(numbers, "replaced")
end

-- Whatever came beyond the answers would lie in front of the end.
local function disconnect(numbers)
  for _, number in ipairs(numbers) do workers[number]:disconnect() end
  for _, number in ipairs(numbers) do wait_end(number, 0, nil) end
  if listens then return end
  for _, number in ipairs(numbers) do
    local extra, _, code = workers[number]:receive(0)
    if extra or code ~= "EPIPE" then miss("worker %d: %s at the end", number, extra or code) end
  end
end

local function sample(numbers)
  local sum = { pss = 0, private_dirty = 0 }
  local step, n = math.max(1, #numbers // SAMPLE), 0
  for i = 1, #numbers, step do
    local one = memory_of(workers[i].pid)
    n = n + 1
    for key, bytes in pairs(one) do sum[key] = sum[key] + bytes end
  end
  return { pss = sum.pss // n, private_dirty = sum.private_dirty // n }
end

-- The run -----------------------------------------------------------------------------------------

local all, some = {}, {}
for i = 1, count do all[i] = i end
for i = 1, count, 100 do some[#some + 1] = i end

-- What the first children load, open and keep is not counted.
local function rehearse()
  local few = { 1, 2, 3, 4, 5, 6, 7, 8 }
  fork_all(few)
  ask_and_collect(few, "rehearsal")
  sample(few)
  disconnect(few)
  workers = {}
  collectgarbage()
end

local function measure()
  rehearse()
  local before, fds = memory_of("self"), descriptors()
  local began, cpu_before = timer.now(), cpu(process.usage())
  worker_cpu = 0
  phase("fork", fork_all, all)
  phase("answer", ask_and_collect, all, "first")
  phase("broadcast", ask_and_collect, all, "broadcast")
  local worker, parent = sample(all), memory_of("self").private_dirty - before.private_dirty
  phase("replace", replace, some)
  phase("disconnect", disconnect, all)
  report.seconds = timer.now() - began
  report.parent_ms = (cpu(process.usage()) - cpu_before) / count * 1000
  report.worker_ms = worker_cpu / count * 1000
  report.each_ms, report.messages = report.seconds / count * 1000, 2 * count / report.broadcast
  report.parent = parent // count
  report.pss, report.private_dirty = worker.pss, worker.private_dirty
  workers = nil
  collectgarbage()
  task.sleep(0)
  local left, now_open = children(), descriptors()
  if #left > 0 then miss("%d children are left: %s", #left, table.concat(left, " ")) end
  if now_open ~= fds then miss("%d descriptors are open, there were %d", now_open, fds) end
end

local function print_report()
  print(("%d workers, %d of them replaced"):format(count, #some))
  local function line(name, seconds, each)
    print(("  %-14s %9.3f s  %9.3f ms each"):format(name, seconds, seconds / each * 1000))
  end
  for _, name in ipairs { "fork", "answer", "broadcast" } do line(name, report[name], count) end
  line("replace", report.replace, #some)
  line("disconnect", report.disconnect, count)
  line("all", report.seconds, count)
  print(("  processor      %9.3f ms each in the parent, %.3f ms in the worker"):format(
    report.parent_ms, report.worker_ms))
  print(("  messages       %9.0f /s in the broadcast, there and back"):format(report.messages))
  print(("  a worker       %9.0f kB PSS, %.0f kB private dirty"):format(report.pss / 1024,
    report.private_dirty / 1024))
  print(("  the parent     %9.1f kB a worker"):format(report.parent / 1024))
end

measure()
if as_json then print(json.encode(report)) else print_report() end
for _, what in ipairs(missing) do io.stderr:write("missing: ", what, "\n") end
if #missing > 0 then os.exit(1) end
