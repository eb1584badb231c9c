-- Workers of a bundle come out of the same executable, whatever names them; those of the disk still
-- do; each forks in turn; what they are told never gets into a program's arguments or environment.
local bundle = require "tests.lib.bundle"
local check = require "tests.lib.check"

local answer = [[
process:send {arg[0], arg[1] or "none", process.script_dir, os.getenv "PROCRUN_BUNDLE" or "unset",
  (require "where")}]]
local app = bundle.make("app", {
  ["main.lua"] = [[
local proc, bundle = require "proc", require "bundle"
if process.connected then -- as a worker: fork(arg[0])
  local depth = tonumber(arg[1])
  if depth == 0 then process:send {arg[0], (require "where")} return end
  local child = proc.fork(arg[0], {depth - 1})
  process:send {arg[0], depth, child:receive()}
  child:disconnect()
  return
end
local function ask(script, args, options)
  local child, message = proc.fork(script, args or {"--help"}, options)
  if not child then print(message) return end
  local answer = child:receive()
  child:disconnect()
  local result = child:wait()
  if type(answer) ~= "table" then print(script, answer, result.code) return end
  print(require "json".encode(answer), result.ok)
end
local dir = process.script_dir
for _, name in ipairs {"w.lua", "./w.lua", "sub//../w.lua", bundle.path "w.lua", dir .. "/w.lua"} do
  ask(name)
end
ask("sub/deep.lua")
ask(bundle.path("sub/deep.lua"), {"-e"}, {cwd = "/"})
ask("w.lua", {}, {env = {PATH = "/bin"}})
ask("w.lua", {1}, {extend_env = {PROCRUN_BUNDLE = "mine"}})
ask("w.lua", {}, {exec_path = {"env", process.exec_path}})
ask("w.lua", {}, {exec_args = {"-e", "assert(require 'where' == 'bundled')", "-W"}})
ask("w.lua", {"a"}, {channel = "stdio"})
ask("w.lua", {"a"}, {channel = "stdio", exec_path = {"env", "-i", process.exec_path}})
ask(arg[1], {"disk"})
ask("disk.lua", {"disk"}, {cwd = "/"})
ask("-w.lua")
ask("bundle")
ask("nonsuch.lua")
ask(arg[0], {2})
ask(process.exec_path, {0}, {channel = "stdio"})
local p = assert(proc.exec_luafile("sub/print.lua", {"--version"}))
print((p:wait()))
print(proc.run("sh", {"-c", "echo ${PROCRUN_BUNDLE-unset}"}):text())]],
  ["w.lua"] = answer, ["sub/deep.lua"] = answer, ["-w.lua"] = answer, ["bundle"] = answer,
  ["where.lua"] = "return 'bundled'", ["sub/where.lua"] = "return 'bundled in sub'",
  ["sub/print.lua"] = "print('luafile', arg[0], arg[1], ...)",
})
local outside = bundle.tree("outside", {["disk.lua"] = answer, ["w.lua"] = "error 'the wrong one'",
  ["where.lua"] = "return 'beside it'"})
local text = bundle.run(app, {outside .. "/disk.lua"}, {cwd = outside})

local here = app:match("^(.*)/")
local function line(...) return ('["%s"]\ttrue\n'):format(table.concat({...}, '","')) end
local plain = line("w.lua", "--help", here, "unset", "bundled")
local expected = plain:rep(5)
  .. line("sub/deep.lua", "--help", here .. "/sub", "unset", "bundled in sub")
  .. line("sub/deep.lua", "-e", here .. "/sub", "unset", "bundled in sub")
  .. line("w.lua", "none", here, "unset", "bundled")
  .. line("w.lua", "1", here, "unset", "bundled")
  .. line("w.lua", "none", here, "unset", "bundled"):rep(2)
  .. line("w.lua", "a", here, "unset", "bundled"):rep(2)
  .. line(outside .. "/disk.lua", "disk", outside, "unset", "beside it")
  .. line(outside .. "/disk.lua", "disk", outside, "unset", "beside it")
  .. line("./-w.lua", "--help", here, "unset", "bundled")
  .. line("./bundle", "--help", here, "unset", "bundled")
  .. "nonsuch.lua\tnil\t1\n"
  .. '["main.lua",2,["main.lua",1,["main.lua","bundled"]]]\ttrue\n'
  .. '["main.lua","bundled"]\ttrue\n'
  .. "luafile\tsub/print.lua\t--version\t--version\n0\nunset"
check.eq(text, expected)
