-- filter_ends.lua - where the lines of a filter come from and where they go: strings, streams,
-- files of io, this process's own output, the result.

local core = require "procrun.core.process"
local misuse = require "procrun.events.misuse"
local stream = require "procrun.stream"

local M = {}

local PIECE <const> = 64 * 1024

local function nothing() end

--- of_bytes(bytes) -> source
function M.of_bytes(bytes)
  local at = 1
  return { close = nothing, read = function()
    if at > #bytes then return nil end
    local piece = bytes:sub(at, at + PIECE - 1)
    at = at + PIECE
    return piece
  end }
end

--- of_stream(stream, [keep]) -> source; closed with the filter, unless it is to be kept
function M.of_stream(s, keep)
  return {
    read = function() return s:read_some() end,
    close = keep and nothing or function() s:close() end,
  }
end

local function of_file(file)
  return { close = nothing, read = function()
    local ok, bytes, message = pcall(file.read, file, PIECE)
    if not ok then return nil, bytes end
    return bytes, message
  end }
end

-- As with a program: the end of a pipe is given away; a file, a socket, what is standard stay ours.
local function is_kept(s, keep_open)
  return keep_open or s._standard or not core.is_pipe(s:fileno() or -1)
end

local function refuse(fname, name, value)
  local got = type(value) == "string" and ("%q"):format(value) or io.type(value) or type(value)
  misuse("%s: %s of a function: 'pipe', 'ignore', 'inherit', a stream or a file expected, got %s",
    fname, name, got)
end

--- source(fname, value, keep_open) -> source: the option stdin of a filter that is the first stage
function M.source(fname, value, keep_open)
  if value == "ignore" then return M.of_bytes("") end
  if value == "inherit" or value == 0 then return M.of_stream(stream._standard(0), true) end
  if stream.is_stream(value) then return M.of_stream(value, is_kept(value, keep_open)) end
  if io.type(value) == "file" then return of_file(value) end
  refuse(fname, "stdin", value)
end

--- drop(stream): closes it, whatever it still has to write: nobody may ever take that
function M.drop(s)
  s._core:close()
  s:close()
end

--- to_stream(stream, [keep]) -> sink
function M.to_stream(s, keep)
  return {
    write = function(_, bytes) return s:write(bytes) end,
    finish = keep and nothing or function(_, err)
      if err ~= nil then M.drop(s) else s:close() end
    end,
  }
end

local function to_file(file)
  return {
    write = function(_, bytes)
      local ok, done, message = pcall(file.write, file, bytes)
      if not ok then return nil, done end
      return done, message
    end,
    finish = function() pcall(file.flush, file) end,
  }
end

local NOWHERE <const> = { write = function() return true end, finish = nothing, is_ours = true }

--- sink(fname, value, keep_open) -> sink: the option stdout of a filter that is the last stage
function M.sink(fname, value, keep_open)
  if value == "ignore" then return NOWHERE end
  if stream.is_stream(value) then return M.to_stream(value, is_kept(value, keep_open)) end
  if io.type(value) == "file" then return to_file(value) end
  refuse(fname, "stdout", value)
end

return M
