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
  local readable, why = fs.access(folder, "rx")
  if not readable then return nil, why end
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
  local tree = {files = {}, size = 0, ignore = o.exclude}
  local ok, message
  if stat.type == "directory" then
    tree.root, message = fs.realpath(o.input)
    if not tree.root then return nil, message end
    if not o.hidden then table.insert(tree.ignore, ".*") end
    ok, message = add_folder(tree, (o.input:gsub("(.)/+$", "%1")), tree.ignore)
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
  ok, message = check_lua(tree)
  if not ok then return nil, message end
  return tree
end
