-- copy.lua - files and trees copied and moved: fs.copy("a", "b"), fs.copy_tree, fs.move.

local check = require "procrun.fs.check"
local core = require "procrun.core.fs"
local levels = require "procrun.fs.levels"

local M = {}

-- As in fs_copy.h.
local FOLLOW, TIMES, PRESERVE, SYNC = 1, 2, 4, 8
local NEW, SKIP, TREE, IN_PLACE = 16, 32, 64, 128

local COPY_OPTIONS <const> = {
  overwrite = "boolean or string", times = "boolean", preserve = "boolean", sync = "boolean",
  atomic = "boolean", mode = "integer or string",
}

local TREE_OPTIONS <const> = {
  overwrite = "boolean or string", times = "boolean", preserve = "boolean", follow = "boolean",
  filter = "function",
}

local function how_to(name, options, how)
  local overwrite = options.overwrite
  if type(overwrite) == "string" and overwrite ~= "skip" then
    check.misuse("bad argument #3 to '%s' (option 'overwrite': true, false or \"skip\" expected, "
      .. "got \"%s\")", name, overwrite)
  end
  return how + (overwrite == false and NEW or overwrite == "skip" and SKIP or 0)
    + (options.times and TIMES or 0) + (options.preserve and PRESERVE or 0)
    + (options.follow and FOLLOW or 0) + (options.sync and SYNC or 0)
    + (options.atomic == false and IN_PLACE or 0)
end

--- fs.copy(from, to, [options]) -> true | nil, message, code
function M.copy(from, to, options)
  from, to = check.path(1, "copy", from), check.path(2, "copy", to)
  options = check.options(3, "copy", options, COPY_OPTIONS)
  local mode = check.mode(3, "copy", options.mode, "option 'mode': ")
  local ok, message, code = core.copy(from, to, how_to("copy", options, FOLLOW), mode)
  if not ok then return nil, message, code end
  return true
end

-- trees -----------------------------------------------------------------------------------------

-- The names in a directory that the filter lets through; nil without a filter: all.
local function choose(dir, filter)
  if not filter then return nil end
  local names, types, code = core[dir.top and "readdir" or "readdir_nofollow"](dir.from)
  if not names then return nil, types, code end
  local chosen = {}
  for _, name in ipairs(names) do
    local from, to = levels.join(dir.from, name), levels.join(dir.to, name)
    if filter(from, types[name], to) then chosen[#chosen + 1] = name end
  end
  return chosen
end

-- Only where links are followed may a directory lead back to one that it is in.
local function leads_back(dir, key)
  while dir do
    if dir.key == key then return true end
    dir = dir.above
  end
  return false
end

-- What one run of copy_tree knows: `shared`, files with several names in the order they were met,
-- and `late`, directories that get their modes and times when all is done.
local Tree = {}
Tree.__index = Tree

function Tree:visit(dir)
  local names, message, code = choose(dir, self.filter)
  if message then return nil, message, code end
  local dirs, shared, late, target = core.copy_dir(dir.from, dir.to, self.how, nil, dir.top, names,
    not dir.top and dir.key or nil)
  if not dirs then return nil, shared, late end
  if dir.top then self.target = target end
  if late then self.late[#self.late + 1] = dir end
  for i = 1, #shared, 2 do
    local key = shared[i + 1]
    local group = self.by_key[key]
    if not group then
      group = {}
      self.by_key[key], self.shared[#self.shared + 1] = group, group
    end
    group[#group + 1] = shared[i]
    group[#group + 1] = dir
  end
  local below = {}
  for i = 1, #dirs, 2 do
    local from = levels.join(dir.from, dirs[i])
    if self.follow and leads_back(dir, dirs[i + 1]) then
      return nil, from .. ": a link leads back to a directory that it is in", "ELOOP"
    elseif dirs[i + 1] == self.target then
      return nil, from .. ": the copy is inside of what is copied", "EINVAL"
    end
    below[#below + 1] = {
      from = from, to = levels.join(dir.to, dirs[i]), above = dir, key = dirs[i + 1],
    }
  end
  return below
end

-- Copies the first name of a file, and makes the others links to that copy.
function Tree:copy_shared(group)
  local copied
  for i = 1, #group, 2 do
    local from = levels.join(group[i + 1].from, group[i])
    local to = levels.join(group[i + 1].to, group[i])
    local done, message, code
    if copied then
      done, message, code = core.copy_hard(copied, to, self.how)
    else
      done, message, code = core.copy_file(from, to, self.how)
      if done == true then copied = to end
    end
    if not done then return nil, message, code end
  end
  return true
end

function Tree:run(from, to, key)
  local top = { from = from, to = to, top = true, key = key }
  local all, message, code = levels.walk(top, function(dir)
    return self:visit(dir)
  end)
  if not all then return nil, message, code end
  local ok
  ok, message, code = levels.each(self.shared, function(group) return self:copy_shared(group) end)
  if not ok then return nil, message, code end
  for i = #self.late, 1, -1 do -- the innermost first
    ok, message, code = core.dress_dir(self.late[i].from, self.late[i].to, self.how)
    if not ok then return nil, message, code end
  end
  return true
end

local function copy_tree(from, to, how, filter)
  local kind, message, code = core.copy_root(from, to, how) -- message: the key of a directory
  if kind ~= "directory" then
    if kind then return true end
    return nil, message, code
  end
  local tree = setmetatable({
    how = how, filter = filter, follow = how & FOLLOW ~= 0,
    by_key = {}, shared = {}, late = {},
  }, Tree)
  return tree:run(from, to, message)
end

--- fs.copy_tree(from, to, [options]) -> true | nil, message, code
function M.copy_tree(from, to, options)
  from, to = check.path(1, "copy_tree", from), check.path(2, "copy_tree", to)
  options = check.options(3, "copy_tree", options, TREE_OPTIONS)
  return copy_tree(from, to, how_to("copy_tree", options, TREE), options.filter)
end

-- moving ----------------------------------------------------------------------------------------

-- A copy on its way into another file system: what is left of it when the block is left goes.
local Passage = { __close = function(self) core.remove_tree(self.path, true) end }

-- Complete before it has its name, and only then does the original go.
local function move_across(from, to, overwrite)
  local bare = to:gsub("(.)/+$", "%1")
  local temp = core.temp_name(bare)
  local _ <close> = setmetatable({ path = temp }, Passage)
  local function told(message, path)
    return (message:gsub(temp:gsub("%p", "%%%0"), (path:gsub("%%", "%%%%"))))
  end
  local ok, message, code = copy_tree(from, temp, PRESERVE | TREE | NEW)
  if not ok then return nil, told(message, bare), code end
  ok, message, code = core.rename(temp, bare, { overwrite = overwrite })
  if not ok then return nil, told(message, from), code end
  return core.remove_tree(from, true)
end

local MOVE_OPTIONS <const> = { overwrite = "boolean" }

--- fs.move(from, to, [options]) -> true | nil, message, code
function M.move(from, to, options)
  from, to = check.path(1, "move", from), check.path(2, "move", to)
  local overwrite = check.options(3, "move", options, MOVE_OPTIONS).overwrite ~= false
  local ok, message, code = core.rename(from, to, { overwrite = overwrite })
  if ok then return true end
  if code ~= "EXDEV" then return nil, message, code end
  return move_across(from, to, overwrite)
end

return M
