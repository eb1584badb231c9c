-- open with "x" makes only what is new; `mode` gives a new file its permission bits, exactly.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function mode(path) return ("%o"):format(fs.stat(path).mode) end
for i, how in ipairs { "wx", "ax", "w+x", "wbx", "wx+", "a+x", "xb" } do
  local path = dir.path .. "/" .. i
  if how == "xb" then break end
  local f = assert(fs.open(path, how))
  assert(f:write("first"))
  f:close()
  local again, message, code = fs.open(path, how)
  assert(again == nil and code == "EEXIST" and message == path .. ": file exists", message)
  assert(fs.read(path) == "first")
end
for _, bad in ipairs { "rx", "r+x", "xw", "wxx", "w++", "wbb" } do
  local ok, message = pcall(fs.open, dir.path .. "/new", bad)
  assert(not ok and message:find("bad argument #2 to 'open' (invalid mode)", 1, true), bad)
end
assert(fs.symlink("nowhere", dir.path .. "/dangling"))
assert(select(3, fs.open(dir.path .. "/dangling", "wx")) == "EEXIST")

local path = dir.path .. "/secret"
assert(fs.open(path, "w", { mode = "600" })):close()
assert(mode(path) == "600")
assert(fs.open(path, "w", { mode = "666" })):close()
assert(mode(path) == "600", "it was there")
assert(fs.open(dir.path .. "/all", "a", { mode = "0666" })):close()
assert(mode(dir.path .. "/all") == "666")
assert(fs.open(dir.path .. "/x", "wx", { mode = 511 })):close()
assert(mode(dir.path .. "/x") == "777")
assert(fs.open(path, "r", { mode = "600" })):close()
assert(select(3, fs.open(dir.path .. "/none", "r", { mode = "600" })) == "ENOENT")
for text, options in pairs {
  ["option 'mode': permission bits expected"] = { mode = "rw" },
  ["unknown option 'flags'; known: mode"] = { flags = 1 },
} do
  local ok, message = pcall(fs.open, path, "w", options)
  assert(not ok and message:find("bad argument #3 to 'open' (" .. text, 1, true), message)
end
