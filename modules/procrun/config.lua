-- config.lua - facts about this procrun, for scripts that build C modules or install Lua files:
-- require "procrun".config().cflags; `procrun --config` prints them.

local core = require "procrun.core.config"

local M = {}

-- In the order in which --config prints them.
local NAMES = {
  "version", "lua", "lua_version", "libuv", "executable", "prefix", "cflags", "libs", "lmod_dir",
  "cmod_dir", "lua_path", "lua_cpath", "types", "doc", "linked", "launch", "platform", "machine",
  "kind",
}

--- config() -> table of strings
function M.config()
  local facts = core.facts()
  local data = facts.data
  facts.data = nil
  facts.lua_version = _VERSION:match("%d.*$")
  facts.executable = require "procrun.process".exec_path
  facts.launch = require "procrun.core.process".backend()
  facts.libs = facts.platform == "darwin" and "-undefined dynamic_lookup" or ""
  facts.lmod_dir = facts.lmod_dir:match("^([^?;]*)/") -- the first place where require looks
  facts.cmod_dir = facts.cmod_dir:match("^([^?;]*)/")
  facts.lua_path, facts.lua_cpath = package.path, package.cpath
  facts.types = data .. "/types"
  return facts
end

--- print_config([name]) -> true | nil, message: what --config and --config=NAME print
function M.print_config(name)
  local facts = M.config()
  if name then
    if not facts[name] then
      return nil, ("no fact '%s'; there are: %s"):format(name, table.concat(NAMES, " "))
    end
    print(facts[name])
    return true
  end
  for _, key in ipairs(NAMES) do print(key .. "=" .. facts[key]) end
  return true
end

return M
