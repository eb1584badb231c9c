-- bundle.lua - makes executables by `procrun bundle` for tests, and runs them.

local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local M = {}

M.procrun = assert(os.getenv("PROCRUN"), "PROCRUN is not set")

--- tree(name, {["lib/a.lua"] = text, …}) -> folder in the directory of the test
function M.tree(name, files)
  local root = check.tmp(name)
  assert(fs.mkdir_p(root))
  for file, text in pairs(files) do
    local folder = file:match("^(.*)/")
    if folder then assert(fs.mkdir_p(root .. "/" .. folder)) end
    assert(fs.write(root .. "/" .. file, text, {atomic = false}))
  end
  return root
end

--- bundle(args, [options]) -> result of `procrun bundle`
function M.bundle(args, options)
  return proc.run(M.procrun, {"bundle", table.unpack(args)}, options)
end

--- make(name, files | folder, [args]) -> executable, folder
function M.make(name, files, args)
  local folder = type(files) == "string" and files or M.tree(name .. "-src", files)
  local file = check.tmp(name)
  M.bundle {folder, "-o", file, table.unpack(args or {})}:check()
  return file, folder
end

--- run(executable, [args], [options]) -> standard output; fails when it does
function M.run(file, args, options)
  return proc.run(file, args or {}, options):check():text()
end

return M
