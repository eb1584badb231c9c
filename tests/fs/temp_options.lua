-- temp_file and temp_dir: directory, prefix, suffix; kept when that is asked for.
local fs = require "procrun.fs"
local base <close> = assert(fs.temp_dir())

local kept
do
  local file <close> = assert(fs.temp_file { dir = base.path, prefix = "a-", suffix = ".txt" })
  assert(file.path:find("^" .. base.path:gsub("%p", "%%%0") .. "/a%-%w%w%w%w%w%w%.txt$"), file.path)
  assert(fs.stat(file.path).mode == 384)
  local dir <close> = assert(fs.temp_dir { dir = base.path .. "/", suffix = ".d" })
  assert(dir.path:find("/procrun%-%w+%.d$") and fs.is_dir(dir.path))
  assert(fs.stat(dir.path).mode == 448)
  local stays <close> = assert(fs.temp_file { dir = base.path, keep = true })
  kept = stays.path
  assert(#fs.readdir(base.path) == 3)
end
assert(#fs.readdir(base.path) == 1 and fs.exists(kept))

-- Relative to the working directory, and absolute all the same.
local cwd = assert(fs.cwd())
assert(process.chdir(base.path))
local here <close> = assert(fs.temp_file { dir = "." })
assert(process.chdir(cwd))
assert(here.path:sub(1, 1) == "/" and fs.exists(here.path))

local got, message, code = fs.temp_file { dir = base.path .. "/none" }
assert(got == nil and code == "ENOENT" and message:find("none/procrun-", 1, true), message)
for text, options in pairs {
  ["unknown option 'mode'; known: dir, keep, prefix, suffix"] = { mode = 1 },
  ["the suffix of a name expected, got a path"] = { suffix = "/x" },
  ["option 'dir': string expected, got number"] = { dir = 1 },
  ["path contains a NUL byte"] = { suffix = "a\0" },
} do
  local ok, err = pcall(fs.temp_file, options)
  assert(not ok and err:find("bad argument #1 to 'temp_file' (" .. text, 1, true), err)
end
