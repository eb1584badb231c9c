-- The tables of those who come from Node: every function, field, option, event and code that they
-- lead to is there, seen on real children; and every name of Node's manuals has a row.
local check = require "tests.lib.check"
local fs = require "fs"
local manual = require "tests.lib.manual"
local add_option = require "procrun.proc.options".add
local net = require "net"
local proc = require "proc"
local task = require "task"
local worker = require "tests.lib.worker"

-- Real things -------------------------------------------------------------------------------------

local emitted = {} -- "child:exit" and so on: what some real run has told

local function listen(what, emitter, names)
  for name in names:gmatch("%S+") do
    emitter:on(name, function() emitted[what .. ":" .. name] = true end)
  end
end

local file = worker.file [[
  local check, names = {}, {}
  local function listen(name) process:on(name, function() names[#names + 1] = name end) end
  for _, name in ipairs {"SIGTERM", "disconnect", "internal_message", "before_exit", "exit"} do
    listen(name)
  end
  process:once("before_exit", function() end)
  process:on("message", function(path)
    names[#names + 1] = "message"
    local fine, value = pcall(function() -- Node's own spelling raises
      local value = process
      for name in path:gmatch("[%w_]+") do value = value ~= nil and value[name] end
      return value
    end)
    process.send {path = path, there = fine and value ~= nil}
  end)
  process:on("exit", function()
    local file = assert(io.open(arg[1], "w"))
    file:write(table.concat(names, " "))
    file:close()
  end)
  process.send {cmd = "NODE_x"}
  io.write "out"
  process.kill(process.pid, "SIGTERM")
]]
local told = check.tmp "told"
local talker = assert(proc.fork(file, { told }, { silent = true }))
listen("child", talker, "spawn message internal_message disconnect exit close")
listen("stdout", talker.stdout, "data end close")
local answers, answered = {}, task.event()
talker:on("message", function(m)
  answers[m.path] = m.there
  answered:set()
end)

-- Has `process`, in a real child, a value there?
local function process_has(path)
  if answers[path] == nil then
    assert(talker:send(path))
    assert(answered:wait(20))
    answered:clear()
  end
  return answers[path]
end

local garbler = worker.sh "echo no message >&3"
local garbled = task.event()
listen("child", garbler, "error")
garbler:on("error", function() garbled:set() end)
garbler:on("message", print)
assert(garbled:wait(20) and garbler:wait(20))
local connected = worker.sh "read line <&3"

local codes = {}
local function note(_, _, code) if code then codes[code] = true end end
note(proc.spawn "no such program")
note(proc.spawn "/etc/passwd")
note(proc.spawn("true", { cwd = "/etc/passwd" }))
note(proc.spawn("true", { stdio = { 999 } }))
note(nil, nil, proc.run("yes", { max_buffer = 10 }).errno)
note(nil, nil, proc.run("sleep", { 60 }, { timeout = 0.01 }).errno)
note(garbler:kill())
note(garbler:send(1))

local ended = assert(proc.spawn("false"))
local result = ended:wait(20)
local err = proc.exec("echo x >&2; exec sleep 60", { timeout = 0.05, capture = true }):wait(20)
  :to_error()
err.exit_code = result:to_error().exit_code

local server = assert(net.listen { path = check.tmp "socket" })
server.max_connections = 5
local roots = {
  proc = proc, net = net, task = task, events = require "events", result = result, err = err,
  server = server,
}
result.signal = "" -- nil in this one
check.eq(proc.run("sh", { "-c", "kill -9 $$" }).signal, "SIGKILL")

-- The walk ----------------------------------------------------------------------------------------

-- "timeout = 1.5": is it accepted, by the check of options and, for stdio, by a start?
local function try_option(code)
  local name, text = code:match("^([%a_][%w_]*) = (.+)$")
  if not name then return nil end
  local value = assert(load("return " .. text))()
  add_option("walk", {}, { [name] = value })
  if name:find("^std") then
    local child = assert(proc.spawn("true", { [name] = value }))
    child:wait(20)
  end
  return true
end

local function try_event(code)
  local who, name = code:match('^(%w+):on%("([%w_]+)"%)$')
  return who and (emitted[who .. ":" .. name] or false)
end

local function try_field(code)
  local path = code:match("^process[.:](.+)$")
  if path then return process_has((path:gsub(":", "."))) end
  if code:find("^child[.:]") then
    for _, child in ipairs { talker, ended, connected } do
      local fine, value = pcall(manual.value, code, { child = child })
      if fine and value ~= nil then return true end
    end
    return false
  end
  return manual.value(code, roots) ~= nil
end

local function try_code(code)
  local errno = code:match('^"(E%u+)"$')
  if errno then return codes[errno] or false end
  local fine = try_event(code)
  if fine == nil then fine = try_option(code) end
  if fine == nil then fine = try_field(code) end
  return fine
end

-- What is wrong with the page, a line each.
local function walk(page)
  local faults = {}
  for _, row in ipairs(manual.rows(page, "Coming from Node")) do
    local list = row[2] and manual.codes(row[2]) or {}
    if #row ~= 3 then faults[#faults + 1] = ("%d: %d cells"):format(row.line, #row) end
    if #list == 0 and row[2] ~= "none" then faults[#faults + 1] = row.line .. ": says nothing" end
    for _, code in ipairs(list) do
      local fine, there = pcall(try_code, code)
      if not fine or not there then
        faults[#faults + 1] = ("%d: %s: %s"):format(row.line, code, tostring(there))
      end
    end
  end
  return faults
end

local PAGE <const> = "modules/proc/proc.md"
-- The events of the talker first: its questions need it alive, its end comes last.
local text = check.read(PAGE)
for code in text:gmatch("`process[.:]([%w_.:]+)`") do
  if not code:find("^on") then process_has((code:gsub(":", "."))) end
end
talker:send { cmd = "NODE_y" }
talker:disconnect()
local closed = task.event()
talker:on("close", function() closed:set() end)
assert(closed:wait(20))
for name in check.read(told):gmatch("%S+") do emitted["process:" .. name] = true end

check.eq(table.concat(walk(PAGE), "\n"), "")

-- The walk sees what is not there.
local copy = check.tmp "copy.md"
for there, gone in pairs {
  ["`proc.fork` |"] = "`proc.forked` |", ["`child.spawnfile`"] = "`child.spawnfiles`",
  ["`child:kill_tree`"] = "`child:kill_woods`", ["`silent = true`"] = "`quiet = true`",
  ['`stdio = {"overlapped"}`'] = '`stdio = {"overlap"}`', ["`result.signal`"] = "`result.sign`",
  ['`child:on("spawn")`'] = '`child:on("spawned")`', ['`"ENOBUFS"`'] = '`"ENOBUF"`',
  ["`process.exit_code`"] = "`process.exit_status`", ["`net.udp`"] = "`net.udb`",
} do
  local changed, count = text:gsub(there:gsub("%p", "%%%0"), (gone:gsub("%%", "%%%%")))
  assert(count > 0, "not on the page: " .. there)
  assert(fs.write(copy, changed))
  assert(#walk(copy) > 0, "not seen: " .. gone)
end

-- Every name of Node's manuals has a row ----------------------------------------------------------

local named = {}
for _, row in ipairs(manual.rows(PAGE, "Coming from Node")) do
  for _, code in ipairs(manual.codes(row[1])) do
    for name in code:gmatch("[%a_][%w_]*") do named[name] = true end
  end
end
local NAMES <const> = [[
  spawn exec execFile fork spawnSync execSync execFileSync promisify ChildProcess
  cwd env argv0 stdio customFds detached uid gid shell serialization signal timeout killSignal
  maxBuffer encoding input execPath execArgv silent windowsHide windowsVerbatimArguments keepOpen
  pipe overlapped ignore inherit ipc null undefined
  pid stdin stdout stderr exitCode signalCode killed spawnfile spawnargs connected channel kill ref
  unref send disconnect dispose setEncoding write end
  message internalMessage exit close error data
  abort beforeExit argv title platform ppid chdir uptime memoryUsage NODE_CHANNEL_FD
  NODE_CHANNEL_SERIALIZATION_MODE
  createServer listen createSocket maxConnections getConnections
  ERR_INVALID_ARG_TYPE ERR_INVALID_ARG_VALUE ERR_OUT_OF_RANGE ERR_UNKNOWN_SIGNAL
  ERR_CHILD_PROCESS_IPC_REQUIRED ERR_CHILD_PROCESS_STDIO_MAXBUFFER ERR_IPC_ONE_PIPE
  ERR_IPC_SYNC_FORK ERR_INVALID_SYNC_FORK_INPUT ERR_IPC_CHANNEL_CLOSED ERR_IPC_DISCONNECTED
  ERR_MISSING_ARGS ERR_INVALID_HANDLE_TYPE ERR_CHILD_CLOSED_BEFORE_REPLY ABORT_ERR
  SentHandleNotReceivedWarning]]
for name in NAMES:gmatch("%S+") do assert(named[name], "no row names " .. name) end
server:close()
connected:disconnect()
assert(connected:wait(20))
