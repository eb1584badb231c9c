-- procrun.lua - procrun itself: print(require "procrun".version)
--
-- A function is loaded by its first call.

local M = {}

--- version: "0.1.0"
M.version = require "procrun.core.self".version():match("^procrun (%S+)")

--- config() -> table of strings: facts about this build
function M.config() return require "procrun.procrun.config".config() end

return M
