-- held.lua - output = "group": what a child, or all programs of a pipeline, write is held until the
-- end, and then written whole, in the order in which it came.

local fs = require "procrun.fs"
local new_semaphore = require "procrun.task".semaphore
local sinks = require "procrun.proc.sinks"
local stream = require "procrun.stream"
local task = require "procrun.core.task"

local M = {}

local MOST <const> = 1024 * 1024 -- bytes in memory; what is more goes to a temporary file
local HEADER <const> = "<I1I4" -- of a piece there: 1 or 2, and its length
local PIECE <const> = 128 * 1024

local Held = {}
Held.__index = Held

-- A temporary file without a name. Nil where there is none to be had.
local function open_file()
  local temp <close> = fs.temp_file()
  return temp and fs.open(temp.path, "r+")
end

local function take_pieces(self)
  local pieces = self.pieces
  self.pieces, self.size = {}, 0
  return pieces
end

local function save(self)
  self.file = self.file or open_file()
  if not self.file then return false end
  local packed = {}
  for i, piece in ipairs(self.pieces) do
    packed[i] = HEADER:pack(piece.fd, #piece.bytes) .. piece.bytes
  end
  local at = self.saved
  local bytes = table.concat(packed)
  local pieces = take_pieces(self)
  if self.file:write(bytes) then
    self.saved = at + #bytes
    return true
  end
  table.move(self.pieces, 1, #self.pieces, #pieces + 1, pieces) -- no room there
  self.pieces = pieces
  return false
end

local function write(fd, bytes)
  stream._standard(fd):write(bytes)
end

-- Neighbours of one stream go out together.
local function write_pieces(self)
  local pieces = take_pieces(self)
  local i = 1
  while pieces[i] do
    local fd, run = pieces[i].fd, {}
    while pieces[i] and pieces[i].fd == fd do
      run[#run + 1] = pieces[i].bytes
      i = i + 1
    end
    write(fd, table.concat(run))
  end
end

local function write_saved(self)
  local file, left, size = self.file, self.saved, HEADER:packsize()
  self.file, self.saved = nil, 0
  if not file then return end
  file:seek("set", 0)
  while left > 0 do
    local fd, length = HEADER:unpack(file:read(size))
    left = left - size - length
    while length > 0 do
      local bytes = file:read(math.min(length, PIECE))
      length = length - #bytes
      write(fd, bytes)
    end
  end
  file:close()
end

local function print_all(self)
  local _ <close> = self.lock:acquire()
  local _ <close> = sinks.exclusive()
  write_saved(self)
  write_pieces(self)
end

-- Where nothing can be saved, nothing more is held.
local function make_room(self)
  local ok
  do
    local _ <close> = self.lock:acquire()
    ok = self.size <= MOST or save(self)
  end
  if ok then return end
  self.open = true
  print_all(self)
end

local Port = {}
Port.__index = Port

function Port:write(bytes)
  local held = self.held
  held.pieces[#held.pieces + 1] = { fd = self.fd, bytes = bytes }
  held.size = held.size + #bytes
  if held.open then
    task.shield(print_all, held)
  elseif held.size > MOST then
    task.shield(make_room, held)
  end
end

function Port:finish()
  self.held:release()
end

--- port(fd) -> sink for what goes to our standard output or error
function Held:port(fd)
  self.users = self.users + 1
  return setmetatable({ held = self, fd = fd }, Port)
end

--- hold(): release is to be called once more
function Held:hold()
  self.users = self.users + 1
end

--- release(): the last one writes everything
function Held:release()
  self.users = self.users - 1
  if self.users == 0 then task.shield(print_all, self) end
end

--- new() -> held
function M.new()
  return setmetatable({
    pieces = {}, size = 0, saved = 0, users = 0, open = false, lock = new_semaphore(1),
  }, Held)
end

return M
