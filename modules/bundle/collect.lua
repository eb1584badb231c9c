-- collect.lua - collect(options, stat) -> {files = {{name, path, size, executable}, …}, main, root,
-- size} | nil, message: what goes into a bundle, sorted by name, its Lua files checked.

local fs = require "procrun.fs"
local normal = require "procrun.bundle.name"

local function leave_out(text, name)
  return nil, ("%s; leave it out: --exclude %s"):format(text, name)
end

local function add_file(tree, path, name, stat)
  local file = {name = name, path = path, size = stat.size, executable = stat.mode & 73 ~= 0}
  tree.files[#tree.files + 1] = file
  tree.size = tree.size + stat.size
  return true
end

-- Links are followed.
local function add_folder(tree, folder, ignore)
  local start = folder:sub(-1) == "/" and #folder + 1 or #folder + 2
  for path, kind, message, code in fs.walk(folder, {ignore = ignore, follow = true}) do
    local name = path:sub(start)
    if code == "ELOOP" then message = path .. " is a link to a folder that holds it" end
    if message then return leave_out(message, name) end
    if kind ~= "directory" then
      local stat, failure = fs.stat(path)
      if not stat then return leave_out(failure, name) end
      if stat.type ~= "file" then
        return leave_out(("%s is a %s, no file"):format(path, stat.type), name)
      end
      add_file(tree, path, name, stat)
    end
  end
  return true
end

-- All that do not compile, a line each.
local function check_lua(tree)
  local wrong = {}
  for _, file in ipairs(tree.files) do
    if file.name:find("%.lua$") or file.name == tree.main then
      local chunk, message = loadfile(file.path, "t")
      if not chunk then
        local is_named = message:find(file.path, 1, true) -- not by what refuses a compiled one
        wrong[#wrong + 1] = is_named and message or file.path .. ": " .. message
      end
    end
  end
  if #wrong == 0 then return true end
  return nil, table.concat(wrong, "\n")
end

-- The script: looked for before all of a folder is, which may be a large one that is not meant.
local function find_main(o)
  local name = normal(o.main or "main.lua")
  if name and fs.is_file(o.input .. "/" .. name) then return name end
  if o.main then return nil, ("%s: no file '%s' in it to run"):format(o.input, o.main) end
  return nil, ("%s: no main.lua in it; name the file to run: --main NAME"):format(o.input)
end

local function has(tree, name)
  for _, file in ipairs(tree.files) do
    if file.name == name then return true end
  end
  return nil, name .. " is what runs: it cannot be excluded, nor begin with a dot without --hidden"
end

local function collect_folder(tree, o)
  local readable, message = fs.access(o.input, "rx")
  if not readable then return nil, message end
  tree.root, message = fs.realpath(o.input)
  if not tree.root then return nil, message end
  tree.main, message = find_main(o)
  if not tree.main then return nil, message end
  if not o.hidden then table.insert(tree.ignore, ".*") end
  local ok
  ok, message = add_folder(tree, (o.input:gsub("(.)/+$", "%1")), tree.ignore)
  if not ok then return nil, message end
  return has(tree, tree.main)
end

return function(o, stat)
  local tree = {files = {}, size = 0, ignore = o.exclude}
  local ok, message
  if stat.type == "directory" then
    ok, message = collect_folder(tree, o)
  elseif stat.type ~= "file" then
    return nil, ("%s is a %s: give a folder or a Lua file"):format(o.input, stat.type)
  elseif o.main then
    return nil, "--main is for folders: a single file is what runs"
  else
    tree.root, tree.main = fs.realpath(o.input), o.input:match("[^/]*$")
    ok = add_file(tree, o.input, tree.main, stat)
  end
  if not ok then return nil, message end
  table.sort(tree.files, function(a, b) return a.name < b.name end)
  ok, message = check_lua(tree)
  if not ok then return nil, message end
  return tree
end
