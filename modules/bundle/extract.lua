-- extract.lua - extract(files, name, path): a file of the program on the disk, or a whole folder.

local fs = require "procrun.fs"

local function extract(files, name, path)
  local stat, message, code = files.stat(name)
  if not stat then return nil, message, code end
  if stat.type ~= "directory" then
    local bytes
    bytes, message, code = files.read(name)
    if not bytes then return nil, message, code end
    return fs.write(path, bytes, {mode = stat.executable and "755" or nil})
  end
  local ok
  ok, message, code = fs.mkdir_p(path)
  if not ok then return nil, message, code end
  local names
  names, message, code = files.list(name)
  if not names then return nil, message, code end
  for _, one in ipairs(names) do
    ok, message, code = extract(files, name == "" and one or name .. "/" .. one, path .. "/" .. one)
    if not ok then return nil, message, code end
  end
  return true
end

return extract
