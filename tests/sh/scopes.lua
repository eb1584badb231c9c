-- sh.cd, sh.setenv, sh.tmpdir, sh.defer, sh.undo: to the end of the block, whatever ends it.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local sh = require "procrun.sh"
local task = require "procrun.task"

-- two tasks at once, each where it is
local here = process.cwd()
sh.map({ "/usr", "/etc", "/" }, 3, function(dir)
  local _ <close> = sh.cd(dir)
  for _ = 1, 5 do
    check.eq(sh.text "pwd", dir)
    sh.sleep(0.001)
  end
end)
check.eq(process.cwd(), here)
local e = check.raises("sh.cd: /no/such: no such file or directory", sh.cd, "/no/such")
check.eq(e.code, "ENOENT")
check.raises("bad argument #1 to 'cd'", sh.cd, 3)
check.raises("bad argument #1 to 'cd' (directory expected, got '')", sh.cd, "")

-- the environment: for children, templates and os.getenv; restored after an error
local home = os.getenv "HOME"
local ok = pcall(function()
  local _ <close> = sh.setenv { A_NAME = "a b", HOME = false }
  check.eq(sh.text "printenv A_NAME", "a b")
  check.eq(sh.text "echo $A_NAME", "a b")
  check.eq(os.getenv "HOME", nil)
  do
    local _ <close> = sh.setenv { A_NAME = "inner" }
    check.eq(sh.text "printenv A_NAME", "inner")
  end
  check.eq(sh.ok "printenv HOME", false)
  sh "false"
end)
check.eq(ok, false)
check.eq(os.getenv "HOME", home)
check.raises("$A_NAME is not set", sh.text, "echo $A_NAME")

-- a temporary directory
local path
do
  local tmp <close> = sh.tmpdir()
  path = tmp.path
  local _ <close> = sh.cd(tmp)
  sh("touch", tmp / "a file")
  check.eq(sh.text "ls", "a file")
end
check.eq(fs.exists(path), false)
check.raises("sh.tmpdir: ", sh.tmpdir, { dir = "/no/such" })

-- order, arguments, and what undo is told
local log = {}
local function note(...) log[#log + 1] = table.concat({ ... }, " ") end
local function said()
  local text = table.concat(log, ", ")
  log = {}
  return text
end
do
  local _ <close> = sh.defer(note, "first", "in")
  local _ <close> = sh.undo(note)
  local _ <close> = sh.defer(note, "last in")
end
check.eq(said(), "last in, first in")
pcall(function()
  local _ <close> = sh.defer(note, "always")
  local _ <close> = sh.undo(function(why) note(why.message) end)
  sh "false"
end)
check.eq(said(), "exit status 1, always")

-- a cancel: they may wait and run commands
local t = task.spawn(function()
  local _ <close> = sh.defer(function() note(sh.text "echo deferred") end)
  local _ <close> = sh.undo(function(why) note(sh.text("echo", tostring(why))) end)
  sh "sleep 60"
end)
sh.sleep(0.02)
t:cancel()
t:wait()
check.eq(said(), "the task was cancelled, deferred")
check.eq(select(3, task.timeout(0.02, function()
  local _ <close> = sh.undo(function(why) note(tostring(why)) end)
  sh.sleep(60)
end)), "ETIMEDOUT")
check.eq(said(), "the time ran out")
check.raises("bad argument #1 to 'defer' (function expected, got nil)", sh.defer)
