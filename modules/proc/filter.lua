-- filter.lua - stages of a pipeline that are Lua functions: lines in, lines out.
--
-- Functions next to each other are one filter: a line goes through all of them before the next is
-- read. One task calls them, a second one writes: what they have made is on its way while a
-- function waits, and not much is held when nobody takes it.

local now = require "procrun.core.self".now
local task = require "procrun.core.task"

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

local function keep(self, line, newline)
  local out, n = self.out, self.n
  if n == 0 then self.news:wake_all() end -- it writes as soon as this task waits
  out[n + 1], out[n + 2] = line, newline
  self.n = n + 2
  self.held = self.held + #line + #newline
  return true
end

local function to_line(self, at, line)
  if type(line) == "string" then return line end
  if type(line) == "number" then return tostring(line) end
  local what = "pipeline: the function of stage %d gave a %s for a line; a string, nil to drop it, "
    .. "or false to end expected"
  error(what:format(self.first + at - 1, type(line)), 0)
end

-- From function number `at` on. False: no more lines are wanted.
local function pass(self, at, line, newline)
  local fn = self.functions[at]
  if not fn then return keep(self, line, newline) end
  local made = fn(line)
  if made == nil then return true end
  if made == false then return false end
  made = to_line(self, at, made)
  if not self.functions[at + 1] or not made:find("\n", 1, true) then
    return pass(self, at + 1, made, newline)
  end
  for one, ending in (made .. newline):gmatch("([^\n]*)(\n?)") do
    if (one ~= "" or ending ~= "") and not pass(self, at + 1, one, ending) then return false end
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

-- The lines of one chunk, from `rest` of those before on. False when there shall be no more.
local function take(self, chunk)
  local from, count = 1, 0
  local to = chunk:find("\n", 1, true)
  while to do
    local line = chunk:sub(from, to - 1)
    if self.rest_size > 0 then
      self.rest[#self.rest + 1] = line
      line, self.rest, self.rest_size = table.concat(self.rest), {}, 0
    end
    if #line > self.max_line then return self:too_long() end
    if not pass(self, 1, line, "\n") then return false end
    count = count + 1
    if (self.held >= HIGH or count % SOME == 0) and not breathe(self) then return false end
    from = to + 1
    to = chunk:find("\n", from, true)
  end
  if from <= #chunk then
    self.rest[#self.rest + 1] = from == 1 and chunk or chunk:sub(from)
    self.rest_size = self.rest_size + #chunk - from + 1
    if self.rest_size > self.max_line then return self:too_long() end
  end
  return breathe(self)
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

local function read_all(self)
  self.resumed = now()
  while not self.broken do
    local chunk, message, code = self.source:read()
    if not chunk then
      if message then return fail(self, "could not read: " .. message, code) end
      if self.rest_size > 0 then pass(self, 1, table.concat(self.rest), "") end
      return
    end
    if not take(self, chunk) then return end
  end
end

local function has_news(self)
  return self.n > 0 or self.done
end

-- The writer: all that there is at a time. A sink that takes no more ends the filter.
local function write_out(self)
  while true do
    self.news:wait(nil, "lines of a filter", has_news, self)
    if self.n == 0 or self.broken then break end
    local bytes = table.concat(self.out, "", 1, self.n)
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
    if self.sink.is_ours then self.sink:write(table.concat(self.out, "", 1, self.n)) end
  else
    self.news:wake_all()
    self.writer:wait()
  end
  self.sink:finish()
  self.seconds = now() - self.began
  self.over = true
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
--- message, code; finish()), max_line, is_last, crew, on_end(filter, error or nil).
function M.start(fields)
  local self = setmetatable(fields, Filter)
  self.news, self.room, self.ends = task.list(), task.list(), task.list()
  self.out, self.n, self.held = {}, 0, 0
  self.rest, self.rest_size = {}, 0
  self.broken, self.done, self.over, self.began = false, false, false, now()
  self.writer = task.spawn(write_out, self)
  self.task = self.crew:add(task.spawn(run, self))
  self.writer.name = "output of stage " .. self.first
  self.task.name = "filter of stage " .. self.first
  return self
end

return M
