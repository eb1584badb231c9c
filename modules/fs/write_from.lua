-- write_from.lua - a file made of what a function or a stream gives, piece by piece: the second
-- argument of fs.write and fs.append may be one.

local check = require "procrun.fs.check"
local core = require "procrun.core.fs"
local stream = require "procrun.stream"

-- A file that is not complete goes when the block is left.
local Unfinished = {
  __close = function(self)
    if self.path then core.remove(self.path) end
  end,
}

local function piece_of(name, source)
  if not stream.is_stream(source) then
    local piece, message, code = source()
    if piece ~= nil and type(piece) ~= "string" and type(piece) ~= "number" then
      check.misuse("bad argument #2 to '%s' (it gave a %s: string expected)", name, type(piece))
    end
    return piece, message, code
  end
  return source:read_some()
end

local function copy_pieces(name, path, source, out)
  while true do
    local piece, message, code = piece_of(name, source)
    if piece == nil and message ~= nil then return nil, message, code end
    if piece == nil then return true end
    local ok
    ok, message, code = out:write(piece)
    if not ok then return nil, path .. ": " .. message:gsub("^write: ", ""), code end
  end
end

--- (name, path, source, how, mode, sync, begin) -> true | nil, message, code
return function(name, path, source, how, mode, sync, begin)
  local core_stream, temp, target = begin(path, core.write_begin, how, mode)
  if not core_stream then return nil, temp, target end
  local unfinished <close> = setmetatable({ path = temp }, Unfinished)
  local out <close> = stream.wrap(core_stream)
  local ok, message, code = copy_pieces(name, path, source, out)
  if ok and sync then ok, message, code = core.sync_file(path, core_stream, false) end
  if ok then ok, message, code = out:close() end
  if not ok then return nil, message, code end
  if not temp then return true end
  ok, message, code = core.write_commit(path, how, nil, temp, target)
  if not ok then return nil, message, code end
  unfinished.path = nil
  return true
end
