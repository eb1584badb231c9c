-- Without a bundle the files are those of the folder of main.lua, of the script, or of here.
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"

local look = [[
local b = require "bundle"
local said = ("%s %s %s"):format(b.is_bundle, b.read("name"), b.path("."))]]
local root = bundle.tree("root", {
  ["name"] = "top", ["x/name"] = "wrong", ["app/name"] = "app", ["app/data/x"] = "",
  ["app/main.lua"] = look .. [[
print(said)
local worker = require "proc".fork(b.path("workers/deep/w.lua"))
print(worker:receive())
worker:disconnect()]],
  ["app/workers/deep/w.lua"] = look .. " process:send(said)",
  ["tools/name"] = "tools", ["tools/sub/name"] = "sub",
  ["tools/sub/t.lua"] = look .. " print(said)",
  ["app/other/chdir.lua"] = "process.chdir('/')" .. look .. " print(said)",
})
local function run(...)
  return bundle.run(bundle.procrun, {...}, {cwd = root .. "/x"})
end
local app = "false app " .. root .. "/app"
check.eq(run("../app/main.lua"), app .. "\n" .. app)
check.eq(run("../app/workers/../main.lua"), app .. "\n" .. app)
check.eq(run("../app/other/chdir.lua"), app)
check.eq(run("../tools/sub/t.lua"), "false sub " .. root .. "/tools/sub")
check.eq(run("-e", look .. " print(said)"), "false wrong " .. root .. "/x")
