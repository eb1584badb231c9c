-- scopes.lua - what lasts to the end of a block: sh.cd, sh.setenv, sh.tmpdir, sh.defer, sh.undo.

local misuse = require "procrun.events.misuse"
local unrun = require "procrun.sh.unrun"
local words = require "procrun.sh.words"

local M = {}

-- What the world has refused.
local function raise(what, message, code)
  message = message:gsub("^[%w_]+: ", ""):gsub("^cwd ", "")
  error(require "procrun.sh.failure".plain(what .. ": " .. message,
    { code = code, where = words.where() }), 0)
end

--- cd(directory) -> scope: for this task, and those it starts meanwhile
function M.cd(directory)
  if type(directory) == "table" and directory.path then directory = directory.path end
  if type(directory) ~= "string" or directory == "" then
    misuse("bad argument #1 to 'cd' (directory expected, got %s)",
      directory == "" and "''" or type(directory))
  end
  local scope, message, code = require "procrun.proc".scope { cwd = directory }
  if not scope then raise("sh.cd", message, code) end
  return scope
end

--- setenv(variables) -> scope: false removes one
function M.setenv(variables)
  if type(variables) ~= "table" then
    misuse("bad argument #1 to 'setenv' (table of variables expected, got %s)", type(variables))
  end
  local secret = package.loaded["procrun.sh.secret"]
  if secret then variables = secret.environment(variables) end
  local scope, message, code = require "procrun.proc".scope { extend_env = variables }
  if not scope then raise("sh.setenv", message, code) end
  return scope
end

--- tmpdir([prefix | options]) -> temp: tmp.path, tmp / "name"; goes with the block
function M.tmpdir(options)
  local temp, message, code = require "procrun.fs".temp_dir(options)
  if not temp then raise("sh.tmpdir", message, code) end
  return temp
end

-- An error in a handler comes in place of the one that has ended the block: it keeps that one.
local Keep = { __close = function(self, second)
  local first = self[1]
  local is_cancel = require "procrun.core.task".is_cancel
  if second == first or is_cancel(first) or is_cancel(second) then return end
  if require "procrun.events.error".is(second) then
    if second.during == nil then second.during = first end
  elseif type(second) == "string" then -- Lua's own: a text can keep nothing
    error(require "procrun.sh.failure".plain(second, { during = first }), 0)
  end
end }

local function run(handler, err)
  local _ <close> = err ~= nil and setmetatable({ err }, Keep) or nil
  handler.fn(table.unpack(handler, 1, handler.n))
end

local Defer = { __name = "procrun.defer", __close = function(handler, err)
  unrun.closed(handler.where, "defer")
  run(handler, err)
end }

local Undo = { __name = "procrun.undo", __close = function(handler, err)
  unrun.closed(handler.where, "undo")
  if err == nil then return end
  handler[1], handler.n = err, 1
  run(handler, err)
end }

local function handler(name, class, fn, ...)
  local class_of = type(fn) == "table" and getmetatable(fn) or {}
  if type(fn) ~= "function" and not class_of.__call then
    misuse("bad argument #1 to '%s' (function expected, got %s)", name, type(fn))
  end
  local where = words.where()
  unrun.opened(where, name)
  return setmetatable({ fn = fn, where = where, n = select("#", ...), ... }, class)
end

--- defer(fn, ...) -> scope: fn(...) is called at the end of the block, whatever ends it
function M.defer(fn, ...)
  return handler("defer", Defer, fn, ...)
end

--- undo(fn) -> scope: fn(why) is called at the end of the block if an error or a cancel ends it
function M.undo(fn)
  return handler("undo", Undo, fn)
end

return M
