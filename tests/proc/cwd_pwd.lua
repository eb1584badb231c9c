-- A child that inherits PWD gets the one of the directory that it starts in: programs believe it.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local function pwd(options)
  options[1] = "env"
  return ("\n" .. proc.run(options):text()):match "\nPWD=([^\n]*)"
end

local root = fs.realpath(check.tmp "")
fs.mkdir_p(root .. "/a/b")
process.env.PWD = process.cwd()
check.eq(pwd {}, process.cwd())
check.eq(pwd { cwd = "/" }, "/")
check.eq(pwd { cwd = "" }, process.cwd())
check.eq(pwd { cwd = root .. "/a/", extend_env = { X = "1" } }, root .. "/a")
check.eq(pwd { cwd = "/", extend_env = { PWD = "mine" } }, "mine")
check.eq(pwd { cwd = "/", extend_env = { PWD = false } }, nil)
check.eq(pwd { cwd = "/", env = { PATH = os.getenv "PATH", PWD = "mine" } }, "mine")
check.eq(pwd { cwd = "/", env = { PATH = os.getenv "PATH" } }, nil)
check.eq(("\n" .. proc.spawn("env", { cwd = "/" }):wait().stdout):match "\nPWD=(%S*)", "/")
local worker <close> = proc.fork(check.write(check.tmp "w.lua", "process.send(os.getenv 'PWD')"),
  { cwd = "/" })
check.eq(worker:receive(), "/")
do
  local _ <close> = assert(proc.scope { cwd = root .. "/a" })
  check.eq(pwd {}, root .. "/a")
  check.eq(pwd { cwd = "b" }, root .. "/a/b")
  check.eq(pwd { cwd = "b/.." }, root .. "/a")
end
check.eq(os.getenv "PWD", process.cwd())
process.env.PWD = nil
check.eq(pwd { cwd = "/" }, nil)
