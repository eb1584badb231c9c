-- cli.lua - what a script on the command line needs: local opt = cli.args [[usage: ...]]
-- Each part is loaded by its first use.

local M = {}

-- name = the file of this room that has it
local PARTS <const> = {
  args = "args",
  width = "colour", strip = "colour", colour = "colour",
}

-- cli.red(value) and its kin
local COLOURS <const> = {
  "bold", "dim", "italic", "underline", "inverse", "strike", "black", "red", "green", "yellow",
  "blue", "magenta", "cyan", "white", "grey",
}

local function offer(name, file)
  M[name] = function(...)
    M[name] = require("procrun.cli." .. file)[name]
    return M[name](...)
  end
end

for name, file in pairs(PARTS) do offer(name, file) end
for _, name in ipairs(COLOURS) do offer(name, "colour") end

local OTHER_NAMES <const> = { color = "colour", gray = "grey" }

setmetatable(M, { __index = function(_, key)
  local name = OTHER_NAMES[key]
  if name then require "procrun.events.misuse" ("cli.%s: it is called '%s' here", key, name) end
  return require "procrun.events.camel".check("cli", key, M)
end })

return M
