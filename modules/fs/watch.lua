-- watch.lua - what changes in directories: for changes in fs.watch("src"):changes() do … end
--
-- The kernel only says where to look: what a name has become is asked of the file system, and
-- compared with what was known of it. So a burst ends in one change for each path, a file that was
-- replaced has changed, and whatever the kernel could not keep is found by looking everywhere.
-- What is known stands in watch_tree.lua.

local check = require "procrun.fs.check"
local core = require "procrun.core.fs"
local core_task = require "procrun.core.task"
local events = require "procrun.events"
local new_error = require "procrun.events.error".new
local now = require "procrun.core.self".now
local options_of = require "procrun.fs.glob_options"
local tree = require "procrun.fs.watch_tree"

local M = {}
local methods = {}
local Watcher = { __index = methods, __name = "procrun.watcher" }

local OPTIONS <const> = {
  debounce = "integer, float or string", ignore = "string or table",
  match = "string or table", recursive = "boolean",
}
local DEBOUNCE <const>, MOST <const> = 0.05, 20 -- seconds; a burst is told after so many of them

local function check_self(self, name)
  if getmetatable(self) ~= Watcher then
    check.misuse("call it with a colon: watcher:%s(...)", name)
  end
end

local function seconds_of(index, name, time, what)
  local fine, seconds = pcall(core_task.seconds, time)
  if fine then return seconds end
  check.misuse("bad argument #%d to '%s' (%s%s", index, name, what or "",
    seconds:match("%((.*%))") or seconds)
end

-- What the kernel has said until `limit` (nil: whenever something comes); true when it said
-- anything.
local function listen(self, limit)
  local list, message, code = self._core:next(limit and math.max(0, limit - now()))
  if list then
    if self._tree:heard(list) then
      self._first = self._first or now()
      self._last = now()
    end
    return true
  elseif code == "ETIMEDOUT" then
    return false
  end
  return nil, message, code
end

-- The next batch of changes; only one task at a time is in here. What it has got to when it is
-- cancelled is gone on with by the next.
local function take(self, limit)
  while true do
    local due
    if self._first then
      due = math.min(self._last + self._debounce, self._first + MOST * self._debounce)
    end
    local failure = not due and self._tree:failure()
    if failure then return nil, failure[1], failure[2] end
    if due and now() >= due then
      self._tree:look()
      self._first = nil
      local changes = self._tree:changes()
      if #changes > 0 then return changes end
    elseif self._tree:ended() then
      self:close()
      return nil, self._tree:ended(), "ENOENT"
    else
      local until_when = due and limit and math.min(due, limit) or due or limit
      local heard, message, code = listen(self, until_when)
      if heard == nil then return nil, message, code end
      if not heard and limit and now() >= limit then return nil, "timeout", "ETIMEDOUT" end
    end
  end
end

local function is_free(self)
  return not self._reader
end

local leave = { __close = function(box)
  box[1]._reader = false
  box[1]._list:wake()
end }

local function take_in_turn(self, limit)
  if self._reader then
    local free, message, code = self._list:wait(limit and math.max(0, limit - now()),
      "changes of files", is_free, self)
    if not free and message then return nil, message, code end
  end
  self._reader = true
  local _ <close> = setmetatable({ self }, leave)
  local changes, message, code = take(self, limit)
  return changes, message, code
end

local function check_reader(self, name)
  check_self(self, name)
  if self._taker then
    check.misuse("%s: a 'change' listener takes the changes; use one or the other", name)
  end
end

--- next([timeout]) -> changes | nil, message, code
function methods:next(timeout)
  check_reader(self, "next")
  local limit = timeout ~= nil and now() + seconds_of(1, "next", timeout) or nil
  return take_in_turn(self, limit)
end

-- What ends a loop without being an error: the watcher was closed, or what it watched is gone.
local function is_end(self, code)
  return code == "ECANCELED" or self._core:closed()
end

--- changes() -> iterator of changes; raises what goes wrong
function methods:changes()
  check_reader(self, "changes")
  return function()
    if self._core:closed() then return nil end
    local changes, message, code = take_in_turn(self)
    if changes or is_end(self, code) then return changes end
    check.misuse("%s", message)
  end
end

local stopped = { __close = function(box)
  local self = box[1]
  if self._taker ~= core_task.current() then return end
  self._taker = false
  self._core:hold(false)
end }

local function tell(self, name, ...)
  self._busy = true
  core_task.busy(true)
  self:emit(name, ...)
  core_task.busy(false)
  self._busy = false
end

local function tell_error(self, message, code)
  if self:listener_count "error" > 0 then
    tell(self, "error", new_error { message = message, code = code })
  else
    io.stderr:write("procrun: watch: ", message, " (listen to 'error' to handle such events)\n")
  end
end

-- The dispatch task of a watcher with a `change` listener.
local function dispatch(self)
  local _ <close> = setmetatable({ self }, stopped)
  while self:listener_count "change" > 0 and not self._core:closed() do
    local changes, message, code = take_in_turn(self)
    if changes then
      tell(self, "change", changes)
    elseif not is_end(self, code) then
      tell_error(self, message, code)
    end
  end
end

function methods:_listening(name, count)
  if name ~= "change" or self._core:closed() then return end
  if count > 0 and not self._taker then
    if self._reader then
      check.misuse "on: a task takes the changes (next or changes); use one or the other"
    end
    self._core:hold(true)
    self._busy = false
    self._taker = core_task.spawn_daemon("changes of files", dispatch, self)
  elseif count == 0 and self._taker and not self._busy then
    local taker = self._taker
    self._taker = false
    self._core:hold(false)
    taker:cancel()
  end
end

--- ref() -> watcher: a listener keeps the process alive
function methods:ref()
  check_self(self, "ref")
  self._core:ref(true)
  return self
end

--- unref() -> watcher: it does not
function methods:unref()
  check_self(self, "unref")
  self._core:ref(false)
  return self
end

--- close(): whoever waits is told; a second call does nothing
function methods:close()
  check_self(self, "close")
  if self._core:closed() then return end
  self._core:close()
  self:emit "close"
end

Watcher.__close = methods.close
events.extend(methods)

local function paths_of(value)
  local list = type(value) == "table" and value or { value }
  local paths = {}
  for i = 1, #list do paths[i] = check.path(1, "watch", list[i]) end
  if #paths == 0 then check.path(1, "watch", nil) end
  return paths
end

--- fs.watch(paths, [options]) -> watcher | nil, message, code
function M.watch(paths, options)
  paths = paths_of(paths)
  options = check.options(2, "watch", options, OPTIONS)
  local debounce = options.debounce and
    seconds_of(2, "watch", options.debounce, "option 'debounce': ") or DEBOUNCE
  local plan = {
    ignore = options_of.ignored(2, "watch", "ignore", options.ignore, options),
    match = options_of.ignored(2, "watch", "match", options.match, options),
    recursive = options.recursive ~= false,
  }
  tree.define()
  local handle, message, code = core.watcher()
  if not handle then return nil, tree.explain(message, code), code end
  local known
  known, message, code = tree.open(handle, paths, plan)
  if not known then
    handle:close()
    return nil, message, code
  end
  return setmetatable({
    _core = handle, _tree = known, _debounce = debounce, _list = core_task.list(),
    _first = nil, _last = nil, _reader = false, _taker = false, _busy = false,
  }, Watcher)
end

M._types = { watcher = methods }

return M
