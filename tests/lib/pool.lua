-- pool.lua - pools for tests, each of a piece of source: pool.new("return print", options)

local procrun_pool = require "procrun.pool"
local worker = require "tests.lib.worker"

local M = { file = worker.file }

--- new(source, [options]) -> pool
function M.new(source, options)
  return assert(procrun_pool.new(M.file(source), options))
end

return M
