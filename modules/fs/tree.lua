-- tree.lua - a directory with all below it changed or measured: fs.chmod_tree("dist", "a+rX").

local check = require "procrun.fs.check"
local core = require "procrun.core.fs"
local levels = require "procrun.fs.levels"

local M = {}

-- The items of levels.walk for the directories that a job has found in `dir`.
local function below(dir, found)
  local list = {}
  for i = 1, #found, 2 do
    list[#list + 1] = { path = levels.join(dir.path, found[i]), key = found[i + 1] }
  end
  return list
end

-- visit_dir changes what is in a directory, visit_self the directory, which comes last.
local function change(path, visit_dir, visit_self, ...)
  local arguments = table.pack(...)
  local function with(fn, dir)
    return fn(dir.path, dir.top or dir.key, table.unpack(arguments, 1, arguments.n))
  end
  local all, message, code = levels.walk({ path = path, top = true }, function(dir)
    local found, its_message, its_code = with(visit_dir, dir)
    if not found then return nil, its_message, its_code end
    return below(dir, found)
  end)
  if not all then
    if code == "ENOTDIR" and message:find(path, 1, true) == 1 and not core.is_dir(path) then
      return visit_self(path, true, ...)
    end
    return nil, message, code
  end
  for i = #all, 1, -1 do
    local ok
    ok, message, code = with(visit_self, all[i])
    if not ok then return nil, message, code end
  end
  return true
end

--- fs.chmod_tree(path, mode) -> true | nil, message, code
function M.chmod_tree(path, mode)
  path = check.path(1, "chmod_tree", path)
  if not core.is_mode(mode) then
    check.misuse("bad argument #2 to 'chmod_tree' (permission bits expected, like \"644\" or "
      .. "\"a+rX\", got %s)", tostring(mode))
  end
  return change(path, core.chmod_dir, core.chmod_self, mode)
end

local function check_owner(index, value)
  if value == nil or math.type(value) == "integer" and value >= 0 and value < 0xffffffff then
    return
  elseif type(value) == "string" and value ~= "" and #value < 96 and not value:find("\0") then
    return
  end
  check.misuse("bad argument #%d to 'chown_tree' (a name or an id expected, got %s)", index,
    tostring(value))
end

--- fs.chown_tree(path, [user], [group]) -> true | nil, message, code
function M.chown_tree(path, user, group)
  path = check.path(1, "chown_tree", path)
  check_owner(2, user)
  check_owner(3, group)
  local uid, gid, code = core.find_owner(path, user, group)
  if code then return nil, gid, code end
  return change(path, core.chown_dir, core.chown_self, uid, gid)
end

-- A file with several names counts once.
local function add_shared(total, shared, seen)
  for i = 1, #shared, 2 do
    local key = shared[i + 1]
    if not seen[key] then
      seen[key] = true
      local regular, size, blocks = shared[i]:match("(%d) (%d+) (%d+)")
      total.size = total.size + math.tointeger(size)
      total.blocks = total.blocks + math.tointeger(blocks)
      local kind = regular == "1" and "files" or "others"
      total[kind] = total[kind] + 1
    end
  end
end

--- fs.tree_size(path) -> table | nil, message, code
function M.tree_size(path)
  path = check.path(1, "tree_size", path)
  local stat, message, code = core.stat(path)
  if not stat then return nil, message, code end
  local file = stat.type == "file"
  if stat.type ~= "directory" then
    return {
      size = file and stat.size or 0, disk = stat.blocks * 512, directories = 0,
      files = file and 1 or 0, others = file and 0 or 1,
    }
  end
  local total, seen = { size = 0, blocks = stat.blocks, files = 0, others = 0 }, {}
  local all
  all, message, code = levels.walk({ path = path, top = true }, function(dir)
    local found, shared, size, blocks, files, others = core.measure_dir(dir.path,
      dir.top or dir.key)
    if not found then return nil, shared, size end
    total.size, total.blocks = total.size + size, total.blocks + blocks
    total.files, total.others = total.files + files, total.others + others
    add_shared(total, shared, seen)
    return below(dir, found)
  end)
  if not all then return nil, message, code end
  total.directories, total.disk, total.blocks = #all, total.blocks * 512, nil
  return total
end

return M
