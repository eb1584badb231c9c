-- cli.lua - what a script on the command line needs: local opt = cli.args [[usage: ...]]
-- Each part is loaded by its first use.

local M = {}

-- name = the file of this room that has it
local PARTS <const> = {
  args = "args",
  confirm = "ask", prompt = "ask", password = "ask", select = "select",
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

-- What is shown while the script works.
local SHOWN <const> = {
  progress = "progress", spinner = "progress", track = "track", live = "live", pause = "live",
  table = "table", format_table = "table", csv = "csv", tsv = "csv",
}

for name, file in pairs(SHOWN) do offer(name, file) end

local TYPES <const> = {
  bar = { "progress", "bar_methods" }, group = { "live", "group_methods" },
  pause = { "live", "pause_methods" }, log = { "log", "log" },
}

M._types = setmetatable({}, {
  __index = function(types, name)
    local place = TYPES[name]
    if not place then return nil end
    types[name] = require("procrun.cli." .. place[1])[place[2]]
    return rawget(types, name)
  end,
  __pairs = function(types)
    for name in pairs(TYPES) do local _ = types[name] end
    return next, types
  end,
})

M.log = setmetatable({}, {
  __call = function(_, ...)
    M.log = require "procrun.cli.log".log
    return M.log(...)
  end,
  __index = function(_, key)
    M.log = require "procrun.cli.log".log
    return M.log[key]
  end,
})

setmetatable(M, { __index = function(_, key)
  local name = OTHER_NAMES[key]
  if name then require "procrun.events.misuse" ("cli.%s: it is called '%s' here", key, name) end
  return require "procrun.events.camel".check("cli", key, M)
end })

return M
