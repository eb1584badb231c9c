-- collect.lua - collect(options, stat) -> {files = {{name, path, size, executable}, …}, main, root,
-- size} | nil, message: what goes into a bundle, sorted by name, its Lua files checked.

local exclude_of = require "procrun.bundle.exclude"
local fs = require "procrun.fs"
local normal = require "procrun.bundle.name"

-- Links are followed; `above` holds the folders that are being read, by their real paths.
local function add_folder(tree, path, prefix, above)
  local real, message = fs.realpath(path)
  if not real then return nil, message end
  if above[real] then
    return nil, ("%s is a link to a folder that holds it; leave it out: --exclude %s"):format(path,
      prefix:sub(1, -2))
  end
  above[real] = true
  local names, why = fs.readdir(path)
  if not names then return nil, why end
  for _, name in ipairs(names) do
    if not tree.skips(prefix .. name, name) then
      local ok, failure = tree.add(path .. "/" .. name, prefix .. name, above)
      if not ok then return nil, failure end
    end
  end
  above[real] = nil
  return true
end

local function add_file(tree, path, name, stat)
  local file = {name = name, path = path, size = stat.size, executable = stat.mode & 73 ~= 0}
  tree.files[#tree.files + 1] = file
  tree.size = tree.size + stat.size
  return true
end

local function new_tree(o)
  local tree = {files = {}, size = 0, skips = exclude_of(o.exclude, o.hidden)}
  function tree.add(path, name, above)
    local stat, message = fs.stat(path)
    if not stat then
      return nil, ("%s; leave it out: --exclude %s"):format(message, name)
    elseif stat.type == "directory" then
      return add_folder(tree, path, name .. "/", above)
    elseif stat.type ~= "file" then
      return nil, ("%s is a %s, no file; leave it out: --exclude %s"):format(path, stat.type, name)
    end
    return add_file(tree, path, name, stat)
  end
  return tree
end

-- All that do not compile, a line each.
local function check_lua(files)
  local wrong = {}
  for _, file in ipairs(files) do
    if file.name:find("%.lua$") then
      local chunk, message = loadfile(file.path, "t")
      if not chunk then wrong[#wrong + 1] = message end
    end
  end
  if #wrong == 0 then return true end
  return nil, table.concat(wrong, "\n")
end

-- The script, which has to be there.
local function find_main(tree, o)
  local name = normal(o.main or "main.lua")
  for _, file in ipairs(tree.files) do
    if file.name == name then
      tree.main = name
      return true
    end
  end
  if o.main then return nil, ("%s: no file '%s' in it to run"):format(o.input, o.main) end
  return nil, ("%s: no main.lua in it; name the file to run: --main NAME"):format(o.input)
end

return function(o, stat)
  local tree = new_tree(o)
  local ok, message
  if stat.type == "directory" then
    tree.root, message = fs.realpath(o.input)
    if not tree.root then return nil, message end
    ok, message = add_folder(tree, o.input:gsub("(.)/+$", "%1"), "", {})
    if ok then ok, message = find_main(tree, o) end
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
  ok, message = check_lua(tree.files)
  if not ok then return nil, message end
  return tree
end
