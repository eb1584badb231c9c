-- temp.lua - temporary files and directories: local dir <close> = fs.temp_dir()

local check = require "procrun.fs.check"
local core = require "procrun.core.fs"

local M = {}

local temp = {}
local live = {} -- those not yet removed
local temp_meta = {
  __index = temp,
  __name = "temporary file",
  __tostring = function(self) return self.path end,
}

-- What a script has not removed goes when the state is closed. Not when the object is collected:
-- the path may live longer than that.
setmetatable(live, {
  __gc = function()
    for object in pairs(live) do core.remove_tree(object.path, true) end
  end,
})

local function check_temp(self, name)
  if getmetatable(self) == temp_meta then return end
  check.misuse("call it with a colon: temp:%s()", name)
end

--- temp:remove() -> true | nil, message, code
function temp:remove()
  check_temp(self, "remove")
  if not live[self] then return true end
  live[self] = nil
  local removed, message, code = core.remove_tree(self.path, true)
  if removed or code == "ENOENT" then return true end
  return nil, message, code
end

--- temp:keep() -> path
function temp:keep()
  check_temp(self, "keep")
  live[self] = nil
  return self.path
end

function temp_meta.__close(self) self:remove() end

local function make_temp(name, prefix, make)
  prefix = prefix == nil and "procrun-" or check.path(1, name, prefix)
  if prefix:find("/", 1, true) then
    check.misuse("bad argument #1 to '%s' (the prefix of a name expected, got a path)", name)
  end
  local dir = os.getenv("TMPDIR")
  if not dir or dir == "" then dir = "/tmp" end
  if dir:sub(1, 1) ~= "/" then
    local cwd, message, code = core.cwd()
    if not cwd then return nil, "cwd: " .. message, code end
    dir = cwd .. "/" .. dir
  end
  local path, message, code = make(dir:gsub("/+$", "") .. "/" .. prefix .. "XXXXXX")
  if not path then return nil, message, code end
  local object = setmetatable({ path = path }, temp_meta)
  live[object] = true
  return object
end

--- fs.temp_dir([prefix]) -> temp | nil, message, code
function M.temp_dir(prefix)
  return make_temp("temp_dir", prefix, core.mkdtemp)
end

--- fs.temp_file([prefix]) -> temp | nil, message, code
function M.temp_file(prefix)
  return make_temp("temp_file", prefix, core.mkstemp)
end

M._types = { temp = temp }
return M
