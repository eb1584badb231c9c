-- pool.lua - jobs for worker processes: local p <close> = pool.new("resize.lua", {size = 4})
-- The file returns a function, or a table of functions; p:call(...) calls it in a worker.

local calls = require "procrun.pool.calls"
local core = require "procrun.core.task"
local job_type = require "procrun.pool.job"
local life = require "procrun.pool.life"
local misuse = require "procrun.events.misuse"
local options_type = require "procrun.pool.options"
local staff = require "procrun.pool.staff"

local Pool = { __name = "procrun.pool" }
for name, method in pairs(calls.methods) do
  if name:sub(1, 2) ~= "__" then Pool[name] = method end
end
Pool.__index = Pool

local function check_self(self, name)
  if getmetatable(self) ~= Pool then misuse("call it with a colon: pool:%s(...)", name) end
  return self
end

Pool._cancel, Pool._grow, Pool._ended = staff.cancel, staff.grow, staff.ended

function Pool:__tostring()
  return ("pool of %s"):format(self._name)
end

-- The end -----------------------------------------------------------------------------------------

local function is_quiet(p)
  return p._queue.size == 0 and p._running == 0 and not p._room:waiting()
end

local function is_empty(p)
  return #p._members == 0
end

-- A look first: behind other tasks one is not asked before it is woken.
local function await(p, timeout, what, look)
  if look(p) then return true end
  local _, message, code = p._changed:wait(timeout, what, look, p)
  if code then return nil, message, code end
  return true
end

--- close([timeout]) -> true | nil, "timeout", "ETIMEDOUT": no more jobs; returns when those that
--- there are have been done and the workers have ended
function Pool:close(timeout)
  local p = check_self(self, "close")
  local deadline = timeout and require "procrun.core.self".now() + core.seconds(timeout)
  p._closing = true
  local function left()
    return deadline and math.max(0, deadline - require "procrun.core.self".now())
  end
  p._room:wake_all()
  local ok, message, code = await(p, left(), "the jobs of a pool", is_quiet)
  if not ok then return nil, message, code end
  staff.retire_all(p)
  ok, message, code = await(p, left(), "the workers of a pool to end", is_empty)
  if not ok then return nil, message, code end
  return true
end

--- kill(): jobs that are not done fail; returns when the workers, and what they started, are gone
function Pool:kill()
  local p = check_self(self, "kill")
  local members = { table.unpack(p._members) }
  staff.kill_all(p, job_type.new_error("the pool was ended", "ECANCELED"))
  -- At the exit of this process the tasks that end them may be cancelled before they begin.
  for _, worker in ipairs(members) do
    if worker.child then life.see_off(p, worker) end
    staff.remove(p, worker)
  end
end

-- Closing may wait for long: a cancel of the task that waits in it passes on to the pool. At the
-- exit of this process the task that closes may be cancelled first.
local Guard = { __close = function(guard)
  if not is_empty(guard.pool) then guard.pool:kill() end
end }

Pool.__close = function(self, err)
  if err ~= nil then return self:kill() end
  local crew = core.crew "group"
  crew:add(core.spawn(self.close, self))
  local _ <close> = setmetatable({ pool = self }, Guard)
  crew:wait_open()
end

-- Looks -------------------------------------------------------------------------------------------

--- stats() -> table: what the pool does and has done
function Pool:stats()
  return require "procrun.pool.stats"(check_self(self, "stats"))
end

-- new ---------------------------------------------------------------------------------------------

-- A script of a bundle is looked for there first, as by proc.fork.
local function read_file(path)
  local bundle = require "procrun.core.vm".bundle
  local name = bundle and bundle.name(path)
  if name then return bundle.files:read(bundle.files:find(name)) end
  return require "procrun.fs".read(path)
end

local function check_text(text, name)
  local chunk, message = load(text:gsub("^#[^\n]*", ""), "@" .. name, "t")
  if chunk then return true end
  return nil, "pool.new: " .. message, "ENOEXEC"
end

-- What each worker is told first.
local function make_hello(script, path, text, own)
  local wire = require "procrun.pool.wire"
  local sent, changed = wire.to_text(text)
  local hello = {
    name = script, dir = path:match("^(.*)/[^/]*$"), text = sent, changed = changed or nil,
    args = own.args or {}, max_memory = own.max_memory,
  }
  if hello.dir == "" then hello.dir = "/" end
  for _, name in ipairs(own.modules or {}) do
    local file = hello.dir .. "/" .. name:gsub("%.", "/") .. ".lua"
    local module, message, code = read_file(file)
    if not module then return nil, "pool.new: modules: " .. message, code end
    hello.modules = hello.modules or {}
    hello.modules[name] = { wire.to_text(module) }
  end
  return hello
end

local function first_is_ready(p)
  return p._ready > 0 or p._starting == 0 and not p._pausing
end

-- The least number is started at once; a file that cannot work is told by new.
local function start_least(p)
  staff.grow(p)
  await(p, nil, "a worker of a pool to be ready", first_is_ready)
  if p._ready > 0 then return p end
  local err = p._failure
  p:kill()
  return nil, "pool.new: " .. err.message, err.code
end

local COUNTS <const> = { "done", "failed", "cancelled", "timed_out", "retried", "started",
  "crashes", "killed", "recycled", "idle_ended", "start_failures" }

local function new_pool(script, path, hello, own, start)
  local list = require "procrun.pool.places".list(own, start.exec_path)
  local slots, count = 0, {}
  for _, place in ipairs(list) do slots = slots + place.slots end
  for _, name in ipairs(COUNTS) do count[name] = 0 end
  local p = {
    _name = script, _path = path, _hello = hello, _options = own, _start = start, _places = list,
    _size = math.min(own.size or slots, slots), _queue = require "procrun.pool.queue".new(),
    _members = {}, _idle = {}, _ready = 0, _starting = 0, _running = 0, _last_id = 0,
    _count = count, _room = core.list(), _changed = core.list(), _closing = false,
    _killed = false, _misses = 0, _most_misses = 0, _watching = false, _loosening = false,
    _pausing = false,
  }
  p._calls = options_type.of_calls({ timeout = own.timeout }, { retries = own.retries })
  p._calls.pool = p
  return setmetatable(p, Pool)
end

local M = { _types = { pool = Pool, job = job_type.methods } }

--- new(script, [options]) -> pool | nil, message, code
function M.new(script, options)
  if type(script) ~= "string" or script == "" or script:find("\0", 1, true) then
    misuse("bad argument #1 to 'new' (path of a Lua file expected, got %s)",
      type(script) == "string" and ("%q"):format(script) or type(script))
  elseif options ~= nil and type(options) ~= "table" then
    misuse("bad argument #2 to 'new' (table of options expected, got %s)", type(options))
  end
  local own, start = options_type.read(options or {})
  local text, message, code = read_file(script)
  if not text then return nil, "pool.new: " .. message, code end
  local ok
  ok, message, code = check_text(text, script)
  if not ok then return nil, message, code end
  local path = require "procrun.path".absolute(script)
  local hello
  hello, message, code = make_hello(script, path, text, own)
  if not hello then return nil, message, code end
  -- Whoever has a worker started later, in whatever scope, it gets the surroundings of now.
  start.env = start.env or require "procrun.process.env"()
  start.cwd = start.cwd or require "procrun.core.self".cwd()
  local p = new_pool(script, path, hello, own, start)
  if own.min > p._size then
    misuse("pool.new: option 'min': at most the size (%d) expected, got %d", p._size, own.min)
  end
  if own.min > 0 then return start_least(p) end
  return p
end

--- supervise(spec) -> supervisor | nil, message, code
function M.supervise(spec)
  M.supervise = require "procrun.pool.supervise".supervise
  return M.supervise(spec)
end

setmetatable(M._types, { __index = function(types, name)
  if name ~= "supervisor" then return nil end
  types.supervisor = require "procrun.pool.supervise".methods
  return types.supervisor
end })

return M
