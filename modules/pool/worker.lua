-- worker.lua - the other end of a pool: `procrun -l procrun.pool.worker FILE` gets the text of the
-- file as its first message, runs it, and then calls the functions that it has returned.

-- What only some need is loaded by them: an idle worker is to be small.
local process = require "procrun.process"
local task = require "procrun.core.task"
local vm = require "procrun.core.vm"
local wire = require "procrun.pool.wire"

local send, messages, unpack = process.send, process.messages, table.unpack

-- The channel is the pool's.
for _, name in ipairs { "send", "receive", "messages", "disconnect", "flush" } do
  rawset(process, name, function()
    error(("process.%s: in a worker of a pool the channel belongs to the pool; "
      .. "return the value"):format(name), 2)
  end)
end

-- The start ---------------------------------------------------------------------------------------

-- Why the file gives nothing that could be called | nil
local function check_export(name, export)
  if type(export) == "function" then return nil end
  if type(export) ~= "table" then
    return ("%s: a pool's file has to return a function or a table of functions, this returns %s")
      :format(name, export == nil and "nothing" or type(export))
  end
  for _, value in pairs(export) do
    if type(value) == "function" then return nil end
  end
  return name .. ": the table that it returns has no function in it"
end

-- A search for modules that are missing here: the pool sends those beside the file, too.
local function install_searcher(hello)
  local modules = hello.modules
  table.insert(package.searchers, 3, function(name)
    local text = modules[name]
    if not text then return nil end
    local file = hello.dir .. "/" .. name:gsub("%.", "/") .. ".lua"
    local chunk, message = load(wire.to_bytes(table.unpack(text)), "@" .. file, "t")
    if not chunk then error(message, 0) end
    return chunk, file
  end)
end

-- Tail-called, so that tracebacks say "main chunk".
local function run_chunk(chunk) return chunk(table.unpack(arg)) end

-- The exported value | nil, a failure
local function load_file(hello)
  vm.script_dir = hello.dir
  local arguments = { [0] = hello.name, table.unpack(hello.args) }
  _G.arg = arguments
  rawset(process, "argv", arguments)
  if hello.modules then install_searcher(hello) end
  local text = wire.to_bytes(hello.text, hello.changed):gsub("^#[^\n]*", "")
  local chunk, message = load(text, "@" .. hello.name, "t")
  if not chunk then return nil, { message = message } end
  local fine, export = xpcall(run_chunk, function(err)
    return require "procrun.pool.failure".describe(err, 2)
  end, chunk)
  if not fine then return nil, export end
  message = check_export(hello.name, export)
  if message then return nil, { message = message } end
  return export
end

-- Jobs --------------------------------------------------------------------------------------------

local export, is_function, max_memory
local running = {} -- id of a job -> its reader {id =, task =}

local function names_of(functions)
  local names = {}
  for name, value in pairs(functions) do
    if type(name) == "string" and type(value) == "function" then names[#names + 1] = name end
  end
  table.sort(names)
  return table.concat(names, ", ")
end

-- Of a table of functions the first value is the name.
local function call(name, ...)
  local fn = export[name]
  if type(fn) == "function" then return fn(...) end
  error(("there is no function %s in %s (it has: %s)"):format(
    type(name) == "string" and ("%q"):format(name) or tostring(name), arg[0], names_of(export)), 0)
end

-- Has this process grown beyond what it may have, garbage not counted?
local function is_spent()
  if process.usage().rss <= max_memory then return false end
  collectgarbage()
  return process.usage().rss > max_memory
end

-- What the function has returned goes out; a result that cannot be sent raises.
local function answer(reader, ...)
  local id = reader.id
  reader.called = true
  if max_memory and is_spent() then
    max_memory = nil
    send { spent = true }
  end
  local message, handle = wire.pack(id, ...)
  if handle and message then return send(message, handle) end
  if not message then error(handle, 0) end
  send(message)
end

-- Inside the protection of the job.
local function work(reader, ...)
  if is_function then return answer(reader, export(...)) end
  return answer(reader, call(...))
end

local function on_error(err)
  if task.is_cancel(err) then return err end
  return require "procrun.pool.failure".describe(err, 2)
end

local function fail(reader, described)
  if reader.called then
    described = { message = "the result cannot be sent: " .. described.message }
  end
  send { id = reader.id, failed = described }
end

-- The tasks that read: one that has got a job does it, and another reads on meanwhile, for what
-- there is to cancel. So a job costs no task of its own, and yet can be cancelled while it waits.

local standby = 0 -- readers that do no job
local read

-- However a job ends, also by a cancel; then its reader has ended with it.
local ending = { __close = function(reader, err)
  local id = reader.id
  if not id or err == nil then return end
  running[id] = nil
  -- By a task: at the exit of this process, which also cancels the job, it does not come to that.
  task.spawn(send, { id = id, cancelled = true })
  if standby == 0 then task.spawn(read) end
end }

local function take(reader, message, handle)
  if message.cancel then
    local other = running[message.cancel]
    if other then other.task:cancel() end
    return
  end
  local id, values, first, last = wire.values(message, handle)
  if standby == 0 then task.spawn(read) end
  reader.id, reader.called, running[id] = id, false, reader
  local fine, described = xpcall(work, on_error, reader, unpack(values, first, last))
  if not fine then fail(reader, described) end
  reader.id, running[id] = false, nil
end

function read()
  local reader <close> = setmetatable({ id = false, called = false, task = task.current() }, ending)
  local receive = messages()
  repeat
    standby = standby + 1
    local message, handle = receive()
    standby = standby - 1
    if message == nil then vm.exit(0) end
    take(reader, message, handle)
  until standby > 1
end

-- The first message, and the answer that all is prepared | nil
local function begin()
  local hello = messages()()
  if not hello then return nil end
  local why
  export, why = load_file(hello)
  if not export then return send { failed = why } and nil end
  is_function, max_memory = type(export) == "function", hello.max_memory
  collectgarbage() -- of the text
  send { ready = wire.PROTOCOL, version = require "procrun.core.self".version(), pid = process.pid }
  return true
end

if begin() then task.spawn(read):wait() end -- it ends before us where its job was cancelled
task.list():wait(nil, "the end of the pool", function() return standby == 0 end)
vm.exit(0)
