-- worker.lua - children for tests of channels, each from a piece of source.

local check = require "tests.lib.check"
local proc = require "procrun.proc"

local M = {}
local count = 0

--- file(source) -> path of a script that holds it
function M.file(source)
  count = count + 1
  return check.write(check.tmp(("worker%d.lua"):format(count)), source)
end

--- fork(source, [args], [options]) -> child
function M.fork(source, args, options)
  return assert(proc.fork(M.file(source), args or {}, options))
end

--- sh(command, [options]) -> child whose channel is fd 3
function M.sh(command, options)
  options = options or {}
  options.stdio = { "ignore", "inherit", "inherit", "ipc" }
  return assert(proc.spawn("sh", { "-c", command }, options))
end

--- python(program, [options]) -> child whose channel is fd 3, as the socket `s`
function M.python(program, options)
  options = options or {}
  options.stdio = options.stdio or { "ignore", "inherit", "inherit", "ipc" }
  local head = "import socket, os, sys, time, array\ns = socket.socket(fileno=3)\n"
  return assert(proc.spawn("python3", { "-c", head .. program }, options))
end

--- record(child) -> log, a list of the child's events in order; log.done, an event set at `close`;
--- log.errors, the errors told
function M.record(child)
  local log = { done = require "procrun.task".event(), errors = {} }
  for _, name in ipairs { "disconnect", "exit", "close" } do
    child:on(name, function()
      log[#log + 1] = name
      if name == "close" then log.done:set() end
    end)
  end
  child:on("error", function(err) log.errors[#log.errors + 1] = err end)
  return log
end

return M
