-- sync_dir.lua - a directory of its own for a test of sync, inherited by its children:
-- local dir = require("tests.lib.sync_dir")

local check = require "tests.lib.check"
local fs = require "procrun.fs"

local M = { path = check.tmp("sync") }
process.env.PROCRUN_SYNC_DIR = M.path

--- entries() -> sorted names of what stands in it, without what every use leaves
function M.entries()
  local names = {}
  for _, name in ipairs(assert(fs.readdir(M.path))) do
    if name ~= "swept" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

return M
