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
  __div = function(self, name) return self.path .. "/" .. name end,
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

local OPTIONS <const> = { prefix = "string", suffix = "string", dir = "string", keep = "boolean" }

-- The part of a name that a caller has chosen.
local function part_of_name(name, what, value, otherwise)
  local part = value == nil and otherwise or check.path(1, name, value)
  if part:find("/", 1, true) then
    check.misuse("bad argument #1 to '%s' (the %s of a name expected, got a path)", name, what)
  end
  return part
end

-- $TMPDIR or /tmp, unless a directory is named: as an absolute path.
local function directory(name, dir)
  if dir then check.path(1, name, dir) else dir = os.getenv("TMPDIR") end
  if not dir or dir == "" then dir = "/tmp" end
  if dir:sub(1, 1) == "/" then return dir end
  local cwd, message, code = core.cwd()
  if not cwd then return nil, "cwd: " .. message, code end
  return cwd .. "/" .. dir
end

local function make_temp(name, options, make)
  if type(options) ~= "table" then options = { prefix = options } end
  if type(options.prefix) == "number" then options = { prefix = tostring(options.prefix) } end
  check.options(1, name, options, OPTIONS)
  local prefix = part_of_name(name, "prefix", options.prefix, "procrun-")
  local suffix = part_of_name(name, "suffix", options.suffix, "")
  local dir, message, code = directory(name, options.dir)
  if not dir then return nil, message, code end
  local path
  path, message, code = make(dir:gsub("/+$", "") .. "/" .. prefix, suffix)
  if not path then return nil, message, code end
  local object = setmetatable({ path = path }, temp_meta)
  if not options.keep then live[object] = true end
  return object
end

--- fs.temp_dir([prefix | options]) -> temp | nil, message, code
function M.temp_dir(options)
  return make_temp("temp_dir", options, core.mkdtemp)
end

--- fs.temp_file([prefix | options]) -> temp | nil, message, code
function M.temp_file(options)
  return make_temp("temp_file", options, core.mkstemp)
end

M._types = { temp = temp }
return M
