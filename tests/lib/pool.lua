-- pool.lua - pools for tests, each of a piece of source: pool.new("return print", options)

local check = require "tests.lib.check"
local procrun_pool = require "procrun.pool"

local M = {}
local count = 0

--- file(source) -> path of a file that holds it
function M.file(source)
  count = count + 1
  return check.write(check.tmp(("pool%d.lua"):format(count)), source)
end

--- new(source, [options]) -> pool
function M.new(source, options)
  return assert(procrun_pool.new(M.file(source), options))
end

return M
