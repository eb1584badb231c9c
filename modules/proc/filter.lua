-- filter.lua - stages of a pipeline that are Lua functions: lines in, lines out.
--
-- Functions next to each other are one filter: a line goes through all of them before the next is
-- read. One task calls them, a second one writes: what they have made is on its way while a
-- function waits, and not much is held when nobody takes it.

local now = require "procrun.core.self".now
local task = require "procrun.core.task"

local concat, find, sub, type = table.concat, string.find, string.sub, type

local M = {}

local HIGH <const> = 64 * 1024 -- bytes that may wait to be written
local SLICE <const> = 0.001 -- seconds after which the other tasks have their turn
local SOME <const> = 64 -- lines between two looks at the clock

local Filter = {}
Filter.__index = Filter

-- A failure that is the data's, or the sink's; the functions' own errors are raised as they are.
local function fail(self, problem, errno)
  if not self.problem then self.problem, self.errno = problem, errno end
  return false
end

-- A line for the writer. Only the very last one can lack its newline.
local function keep(self, line, newline)
  local n = self.n + 1
  if n == 1 then self.news:wake_all() end -- it writes as soon as this task waits
  self.out[n], self.n = line, n
  self.held = self.held + #line + 1
  self.open = newline == ""
  return true
end

local function to_line(self, at, line)
  if type(line) == "number" then return tostring(line) end
  local what = "pipeline: the function of stage %d gave a %s for a line; a string, nil to drop it, "
    .. "or false to end expected"
  error(what:format(self.first + at - 1, type(line)), 0)
end

-- Goes on with what function number `at` has made of a line. False: no more lines are wanted.
local function pass(self, at, made, newline)
  if made == nil then return true end
  if made == false then return false end
  if type(made) ~= "string" then made = to_line(self, at, made) end
  local following = self.functions[at + 1]
  if not following then return keep(self, made, newline) end
  if not find(made, "\n", 1, true) then
    return pass(self, at + 1, following(made), newline)
  end
  for one, ending in (made .. newline):gmatch("([^\n]*)(\n?)") do
    local is_line = one ~= "" or ending ~= ""
    if is_line and not pass(self, at + 1, following(one), ending) then return false end
  end
  return true
end

local function has_room(self)
  return self.held < HIGH or self.broken
end

-- Lets the writer, and everybody else, go on.
local function breathe(self)
  if self.held >= HIGH then
    self.room:wait(nil, "a filter's output to be taken", has_room, self)
  elseif now() - self.resumed > SLICE then
    task.yield()
  else
    return not self.broken
  end
  self.resumed = now()
  return not self.broken
end

-- What the lines of the chunk before have left, and the beginning of this one.
local function with_rest(self, line)
  if self.rest_size == 0 then return line end
  self.rest[#self.rest + 1] = line
  line, self.rest, self.rest_size = concat(self.rest), {}, 0
  return line
end

local function add_rest(self, chunk, from)
  if from > #chunk then return true end
  self.rest[#self.rest + 1] = from == 1 and chunk or sub(chunk, from)
  self.rest_size = self.rest_size + #chunk - from + 1
  return self.rest_size <= self.max_line or self:too_long()
end

-- The lines of one chunk. False when there shall be no more.
local function take(self, chunk)
  local from, count, max_line = 1, 0, self.max_line
  local first, is_only = self.functions[1], #self.functions == 1
  local to = find(chunk, "\n", 1, true)
  while to do
    local line = sub(chunk, from, to - 1)
    if count == 0 then line = with_rest(self, line) end
    if #line > max_line then return self:too_long() end
    local made = first(line)
    if is_only and type(made) == "string" then -- keep, without the call
      local n = self.n + 1
      if n == 1 then self.news:wake_all() end
      self.out[n], self.n, self.held = made, n, self.held + #made + 1
    elseif not pass(self, 1, made, "\n") then
      return false
    end
    count = count + 1
    if (count % SOME == 0 or self.held >= HIGH) and not breathe(self) then return false end
    from = to + 1
    to = find(chunk, "\n", from, true)
  end
  return add_rest(self, chunk, from) and breathe(self)
end

function Filter:too_long()
  local text = "met a line longer than max_line, %d bytes, and was ended"
  return fail(self, text:format(self.max_line), "EMSGSIZE")
end

--- too_much(): its output is larger than max_buffer
function Filter:too_much()
  self.broken = true
  fail(self, "wrote more than max_buffer", "ENOBUFS")
end

-- The one that has no newline at its end.
function Filter:last_line()
  local line = concat(self.rest)
  pass(self, 1, self.functions[1](line), "")
end

local function read_all(self)
  self.resumed = now()
  while not self.broken do
    local chunk, message, code = self.source:read()
    if not chunk then
      if message then return fail(self, "could not read: " .. message, code) end
      if self.rest_size > 0 then self:last_line() end
      return
    end
    if not take(self, chunk) then return end
  end
end

local function has_news(self)
  return self.n > 0 or self.done
end

local function all_lines(self)
  if self.n == 0 then return "" end
  return concat(self.out, "\n", 1, self.n) .. (self.open and "" or "\n")
end

-- The writer: all that there is at a time. A sink that takes no more ends the filter.
local function write_out(self)
  while true do
    self.news:wait(nil, "lines of a filter", has_news, self)
    if self.n == 0 or self.broken then break end
    local bytes = all_lines(self)
    self.out, self.n, self.held = {}, 0, 0
    local ok, message, code = self.sink:write(bytes)
    if not ok then
      self.broken = true
      if code ~= "EPIPE" or self.is_last then fail(self, "could not write: " .. message, code) end
    end
    self.room:wake_all()
  end
end

-- However it ends: who writes to it learns of it. What was made goes out, unless an error or a
-- cancel would have to wait for others to take it.
local function close(box, err)
  local self = box[1]
  self.done = true
  self.source:close()
  if err ~= nil then
    self.writer:cancel()
    if self.sink.is_ours then self.sink:write(all_lines(self)) end
  else
    self.news:wake_all()
    self.writer:wait()
  end
  self.sink:finish(err)
  self.seconds = now() - self.began
  self.over = true
  if err ~= nil and not task.is_cancel(err) then self.problem = "raised an error" end
  self.on_end(self, err)
  self.ends:wake_all()
end

local closing = { __close = close }

local function run(self)
  local _ <close> = setmetatable({ self }, closing)
  read_all(self)
end

local function is_over(self)
  return self.over
end

--- has_ended() -> boolean; one that was cancelled may never have begun
function Filter:has_ended()
  return self.over or self.task:status() == "cancelled"
end

--- limit(seconds): it is ended when that time has run out
function Filter:limit(seconds)
  task.spawn_daemon("timeout of a filter", function()
    local _, _, code = self.ends:wait(seconds, "a filter to end", is_over, self)
    if code ~= "ETIMEDOUT" or self.over then return end
    self.timed_out, self.errno = true, "ETIMEDOUT"
    self.task:cancel()
    self.on_end(self)
  end)
end

--- start(fields) -> filter. Fields: functions, first (number of their first stage), source (read()
--- -> chunk | nil at the end | nil, message, code; close()), sink (write(bytes) -> true | nil,
--- message, code; finish(error or nil)), max_line, is_last, crew, on_end(filter, error or nil).
function M.start(fields)
  local self = setmetatable(fields, Filter)
  self.news, self.room, self.ends = task.list(), task.list(), task.list()
  self.out, self.n, self.held, self.open = {}, 0, 0, false
  self.rest, self.rest_size = {}, 0
  self.broken, self.done, self.over, self.began = false, false, false, now()
  self.writer = task.spawn(write_out, self)
  self.task = self.crew:add(task.spawn(run, self))
  self.writer.name = "output of stage " .. self.first
  self.task.name = "filter of stage " .. self.first
  return self
end

return M
