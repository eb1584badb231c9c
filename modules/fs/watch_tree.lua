-- watch_tree.lua - what a watcher knows of the directories it watches, and what has become of it.
--
-- A directory is {up, name, path (as shown), abs, rel (to its root), wd, entries (name -> stamp),
-- subs (name -> directory), touched (name -> written?)}. A stamp is a number that changes when the
-- file does; its low four bits are the type. Above each root stands one that knows only that name:
-- its directory is watched, too, so that a root may be replaced, go and come back.

local core = require "procrun.core.fs"

local M = {}
local Tree = {}
Tree.__index = Tree

local FLAGS
local TYPES <const> = {
  [1] = "fifo", [2] = "char", [4] = "directory", [6] = "block", [8] = "file", [10] = "link",
  [12] = "socket",
}
local DIRECTORY <const> = 4

--- define(): before the first core.watcher
function M.define()
  FLAGS = FLAGS or core.watch_define()
end

local function is_dir(stamp)
  return stamp & 15 == DIRECTORY
end

local ADVICE <const> = {
  ENOSPC = "%s: too many directories are watched: raise fs.inotify.max_user_watches "
    .. "(sysctl; now %s), or leave some out with the option 'ignore'",
  EMFILE = "%s: too many watchers, or descriptors: see fs.inotify.max_user_instances "
    .. "(sysctl; now %s) and ulimit -n",
}
local LIMITS <const> = { ENOSPC = "max_user_watches", EMFILE = "max_user_instances" }

--- explain(message, code) -> message, which names the limit that was reached
function M.explain(message, code)
  if not ADVICE[code] then return message end
  local value = core.read_file("/proc/sys/fs/inotify/" .. LIMITS[code], 100)
  local place = message:match("^(.*): [^:]*$") or message
  return ADVICE[code]:format(place, type(value) == "string" and value:match("%d+") or "unknown")
end

local function new_dir(up, name, path, abs, rel)
  return { up = up, name = name, path = path, abs = abs, rel = rel, entries = {}, subs = {},
    touched = {} }
end

local function below(base, name)
  return base:sub(-1) == "/" and base .. name or base .. "/" .. name
end

-- The path of a name as it is shown, as the system knows it, and from its root.
local function places(dir, name)
  if dir.root then return dir.path, dir.target, "" end
  local rel = dir.rel == "" and name or dir.rel .. "/" .. name
  return below(dir.path, name), below(dir.abs, name), rel
end

function Tree:_watched(dir, wd)
  if wd < 0 then return end
  dir.wd = wd
  local list = self.by_wd[wd]
  if list then
    list[#list + 1] = dir
  else
    self.by_wd[wd] = { dir }
  end
end

-- The same directory may be watched in two places: below one root, and because it holds another.
function Tree:_unwatch(dir)
  local list = dir.wd and self.by_wd[dir.wd]
  if list then
    for i = #list, 1, -1 do
      if list[i] == dir then table.remove(list, i) end
    end
    if #list == 0 then
      self.by_wd[dir.wd] = nil
      self.handle:remove(dir.wd)
    end
  end
  dir.wd = nil
end

function Tree:_note(path, before, after, written)
  local entry = self.log[path]
  if entry then
    entry.after, entry.written = after, entry.written or written
  else
    self.log[path] = { before = before, after = after, written = written }
  end
end

-- Everything in it has gone, as far as is known.
function Tree:_drop(dir)
  dir.dead = true
  self.dirty[dir] = nil
  self:_unwatch(dir)
  for name, stamp in pairs(dir.entries) do
    self:_note((places(dir, name)), stamp, 0)
  end
  for _, sub in pairs(dir.subs) do self:_drop(sub) end
end

-- The entries of a batch of the walk, put into their directories; the failure to watch one, if any.
local function sort_in(dirs, found, paths, errors, stamps, wds)
  local failure
  for i, each in ipairs(paths) do
    local parent, base = each:match("^(.*)/([^/]*)$")
    local up = dirs[parent == "" and "/" or parent]
    up.entries[base] = stamps[i]
    if is_dir(stamps[i]) and wds[i] >= 0 then
      local sub = new_dir(up, base, places(up, base))
      sub.found = wds[i]
      dirs[each], found[#found + 1] = sub, sub
    end
    if errors[i] and ADVICE[errors[i][2]] then failure = failure or errors[i] end
  end
  return failure
end

local walk_meta = { __close = function(box) box[1]:close() end }

-- A directory with all that is below it, each watched before it is read. It is only joined to what
-- is known once that is complete.
function Tree:_scan(dir, name)
  local path, abs, rel = places(dir, name)
  local top = new_dir(dir, name, path, abs, rel)
  local dirs, found, failure = { [abs] = top }, { top }, nil
  local walk, why, errno = core.walk(abs, {
    watch = self.handle, stamps = true, skip = self.ignore, within = rel ~= "" and rel or nil,
    depth = not self.recursive and 1 or nil, limit = 4096,
  })
  if not walk then return nil, why, errno end
  local box <close> = setmetatable({ walk }, walk_meta)
  while true do
    local paths, message, errors, _, stamps, wds = box[1]:next()
    if not paths and message then return nil, message, errors end
    if not paths then break end
    failure = failure or sort_in(dirs, found, paths, errors, stamps, wds)
  end
  top.found = box[1]:watched()
  for _, each in ipairs(found) do self:_join(each) end
  if failure then return nil, failure[1], failure[2] end
  return true
end

function Tree:_join(dir)
  self:_watched(dir, dir.found)
  dir.up.subs[dir.name] = dir
  if not self.log then return end
  for name, stamp in pairs(dir.entries) do
    self:_note((places(dir, name)), 0, stamp)
  end
end

function Tree:_ignores(rel, is_directory)
  if not self.ignore or rel == "" then return false end
  return self.ignore:match(is_directory and rel .. "/" or rel)
end

-- What the kernel says ---------------------------------------------------------------------------

-- True unless nobody wants to know.
function Tree:_touch(dir, name, written, is_directory)
  if dir.root and name ~= dir.name then return false end
  local _, _, rel = places(dir, name)
  if self:_ignores(rel, is_directory) then return false end
  dir.touched[name] = dir.touched[name] or written
  self.dirty[dir] = true
  return true
end

--- heard(list) -> is there anything to look at? list: of core watcher's next
function Tree:heard(list)
  local news = false
  for i = 1, #list, 3 do
    local wd, what, name = list[i], list[i + 1], list[i + 2]
    if what & FLAGS.OVERFLOW ~= 0 then
      self.overflow, news = true, true
    end
    for _, dir in ipairs(self.by_wd[wd] or {}) do
      if name ~= "" then
        local is_directory = what & FLAGS.ISDIR ~= 0
        local written = what & FLAGS.WRITTEN ~= 0 and not is_directory
        news = self:_touch(dir, name, written, is_directory) or news
      elseif what & (FLAGS.SELF | FLAGS.IGNORED) ~= 0 and dir.up then
        news = self:_touch(dir.up, dir.name, false, true) or news
      end
      if what & FLAGS.IGNORED ~= 0 then dir.wd = nil end
    end
    if what & FLAGS.IGNORED ~= 0 then self.by_wd[wd] = nil end
  end
  return news
end

-- What has become of it --------------------------------------------------------------------------

-- Compares what is known of a name with what is there. May be cut short in _scan: then the name
-- stays touched, and nothing is lost by doing it again.
function Tree:_apply(dir, name, stamp)
  local path, _, rel = places(dir, name)
  local before, sub = dir.entries[name] or 0, dir.subs[name]
  local written = dir.touched[name]
  if before == 0 and self:_ignores(rel, is_dir(stamp)) then
    dir.touched[name] = nil
    return
  end
  if sub and (before ~= stamp or not sub.wd) then
    self:_drop(sub)
    dir.subs[name], sub = nil, nil
  end
  dir.entries[name] = stamp ~= 0 and stamp or nil
  if before ~= stamp or written then self:_note(path, before, stamp, written) end
  if is_dir(stamp) and not sub and (self.recursive or dir.root) then
    local ok, message, code = self:_scan(dir, name)
    if not ok and ADVICE[code] then self._failure = { M.explain(message, code), code } end
  end
  dir.touched[name] = nil
end

-- Forgets all and looks everywhere: what is as it was is no change.
function Tree:_start_anew()
  for _, root in ipairs(self.roots) do
    local sub = root.subs[root.name]
    if sub then self:_drop(sub) end
    root.subs[root.name] = nil
    self:_touch(root, root.name, false, true)
  end
  self.overflow, self.told_overflow = false, true
end

--- look(): at every name that was spoken of
function Tree:look()
  if self.overflow then self:_start_anew() end
  while next(self.dirty) do
    local items, paths = {}, {}
    for dir in pairs(self.dirty) do
      for name in pairs(dir.touched) do
        local _, abs = places(dir, name)
        items[#items + 1] = { dir, name }
        paths[#paths + 1] = abs
      end
    end
    local stamps = assert(core.stamps(paths))
    for i, item in ipairs(items) do
      local dir, name = item[1], item[2]
      if not dir.dead then self:_apply(dir, name, stamps[i]) end
      if not next(dir.touched) then self.dirty[dir] = nil end
    end
  end
end

--- failure() -> {message, code} | nil: a directory could not be watched; told once
function Tree:failure()
  local failure = self._failure
  self._failure = nil
  return failure
end

--- ended() -> message | nil: nothing is left that could be told of
function Tree:ended()
  for _, root in ipairs(self.roots) do
    if root.wd or root.entries[root.name] then return nil end
  end
  return self.roots[1].path .. ": it has gone, with the directory that it was in"
end

--- changes() -> list of {path =, what =, type =}, sorted; each is told once
function Tree:changes()
  local list = { overflow = self.told_overflow or nil }
  for path, entry in pairs(self.log) do
    local before, after = entry.before, entry.after
    local what = before == 0 and "created" or after == 0 and "removed" or "changed"
    if before ~= after or entry.written and after ~= 0 then
      list[#list + 1] = {
        path = path, what = what, type = TYPES[(after ~= 0 and after or before) & 15] or "unknown",
      }
    end
  end
  self.log, self.told_overflow = {}, false
  list = self:_matching(list)
  table.sort(list, function(a, b) return a.path < b.path end)
  return list
end

-- The path from the root, or the name of that; nil below another.
local function from_root(root, path)
  if path == root.path then return root.name end
  local head = below(root.path, "")
  return path:sub(1, #head) == head and path:sub(#head + 1) or nil
end

-- Without those that the option `match` does not want.
function Tree:_matching(list)
  if not self.match then return list end
  local some = { overflow = list.overflow }
  for _, change in ipairs(list) do
    local slash, wanted = change.type == "directory" and "/" or "", false
    for _, root in ipairs(self.roots) do
      local rel = from_root(root, change.path)
      wanted = wanted or rel and self.match:match(rel .. slash)
    end
    if wanted then some[#some + 1] = change end
  end
  return some
end

-- Watches the directory that holds the root; where that is not allowed, only the root itself.
function Tree:_add_root(path)
  local abs, message, code = core.realpath(path)
  if not abs then return nil, message, code end
  local parent, name = abs:match("^(.*)/([^/]*)$")
  local root = new_dir(nil, name, path, parent == "" and "/" or parent, "")
  root.root, root.target = true, abs
  if name ~= "" then
    local wd
    wd, message, code = self.handle:add(root.abs)
    if wd then
      self:_watched(root, wd)
    elseif code ~= "EACCES" then
      return nil, M.explain(message, code), code
    end
  end
  self.roots[#self.roots + 1] = root
  local stamp = assert(core.stamps { abs })[1]
  if stamp == 0 then return nil, path .. ": no such file or directory", "ENOENT" end
  root.entries[name] = stamp
  if not is_dir(stamp) then
    if root.wd then return true end
    return nil, message, code
  end
  local ok
  ok, message, code = self:_scan(root, name)
  if not ok then return nil, M.explain(message, code), code end
  return true
end

--- open(core watcher, paths, {ignore, match, recursive}) -> tree | nil, message, code
function M.open(handle, paths, plan)
  local self = setmetatable({
    handle = handle, ignore = plan.ignore, match = plan.match, recursive = plan.recursive,
    roots = {}, by_wd = {}, dirty = {}, overflow = false, told_overflow = false,
  }, Tree)
  for _, path in ipairs(paths) do
    local ok, message, code = self:_add_root(path)
    if not ok then return nil, message, code end
  end
  self.log = {} -- path -> what it was and is; what was there already is no change
  return self
end

return M
