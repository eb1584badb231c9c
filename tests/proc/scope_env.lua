-- scope{env, extend_env}: os.getenv, process.env, proc.env and children have the variables; what is
-- written inside is seen inside, and is gone with the scope.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local task = require "procrun.task"

local function seen(name)
  local text = proc.run("sh", { "-c", "echo ${" .. name .. "-unset}" }):text()
  local got = os.getenv(name)
  check.eq(process.env[name], got)
  check.eq(proc.env(name), got)
  check.eq(proc.env()[name], got)
  local found
  for key, value in pairs(process.env) do
    if key == name then found = value end
  end
  check.eq(found, got)
  check.eq(io.popen("echo ${" .. name .. "-unset}"):read "l", text)
  check.eq(os.execute(("test \"${%s-unset}\" = '%s'"):format(name, text)), true)
  check.eq(got or "unset", text)
  return got
end

process.env.OUTER, process.env.BOTH = "outer", "outer"
do
  local _ <close> = assert(proc.scope { extend_env = { INNER = "inner", BOTH = 7, OUTER = false } })
  check.eq(seen "INNER", "inner")
  check.eq(seen "BOTH", "7")
  check.eq(seen "OUTER", nil)
  check.eq(seen "PATH" ~= nil, true)
  do
    local _ <close> = assert(proc.scope { extend_env = { INNER = "" } })
    check.eq(seen "INNER", "")
    check.eq(seen "BOTH", "7")
  end
  check.eq(seen "INNER", "inner")

  -- An option of a child counts from the scope.
  local more = { extend_env = { MORE = 1 } }
  check.eq(proc.run("sh", { "-c", "echo $INNER$MORE" }, more):text(), "inner1")
  check.eq(proc.run("/bin/sh", { "-c", "echo $INNER." }, { env = {} }):text(), ".")
  local child <close> = proc.fork(check.write(check.tmp "worker.lua",
    "process.send(os.getenv 'INNER')"))
  check.eq(child:receive(), "inner")
end
check.eq(seen "INNER", nil)
check.eq(seen "BOTH", "outer")
check.eq(seen "OUTER", "outer")

-- Only these.
do
  local path = os.getenv "PATH"
  local _ <close> = assert(proc.scope { env = { ONLY = "this", PATH = path } })
  check.eq(seen "ONLY", "this")
  check.eq(seen "OUTER", nil)
  local names = {}
  for name in pairs(proc.env()) do names[#names + 1] = name end
  table.sort(names)
  check.eq(table.concat(names, " "), "ONLY PATH")
end

-- Programs are looked for on the PATH of the scope.
local dir = check.tmp "bin"
os.execute("mkdir " .. dir)
check.write(dir .. "/only-here", "#!/bin/sh\necho found\n")
os.execute("chmod +x " .. dir .. "/only-here")
check.eq(proc.which "only-here", nil)
do
  local _ <close> = assert(proc.scope { extend_env = { PATH = dir } })
  check.eq(proc.which "only-here", dir .. "/only-here")
  check.eq(proc.run "only-here":text(), "found")
  check.eq(proc.which "ls", nil)
end

-- Written inside: for all that are inside, until the end.
do
  local _ <close> = assert(proc.scope { extend_env = { A = "1" } })
  process.env.A = "2"
  process.env.ADDED = "added"
  process.env.OUTER = nil
  check.eq(seen "A", "2")
  check.eq(seen "ADDED", "added")
  check.eq(seen "OUTER", nil)
  local child = task.spawn(function()
    check.eq(seen "ADDED", "added")
    proc.setenv("ADDED", "by another task")
    for i = 1, 100 do process.env["MANY" .. i] = i end
    task.sleep(0)
    check.eq(seen "MANY100", "100")
  end)
  child:wait()
  check.eq(seen "ADDED", "by another task")
  check.eq(seen "MANY1", "1")
end
for _, name in ipairs { "A", "ADDED", "MANY1" } do check.eq(seen(name), nil) end
check.eq(seen "OUTER", "outer")

-- PWD is that of the directory, if there is one, and nobody's business else.
local function pwd()
  check.eq(("\n" .. proc.run "env":text()):match "\nPWD=([^\n]*)", os.getenv "PWD")
  return os.getenv "PWD"
end
for _, value in ipairs { "/somewhere", false } do
  process.env.PWD = value or nil
  do
    local scope <close> = assert(proc.scope { cwd = "/" })
    check.eq(pwd(), value and "/" or nil)
    local _ <close> = assert(proc.scope { cwd = "usr", extend_env = { X = "1" } })
    check.eq(pwd(), value and "/usr" or nil)
    process.env["NEW" .. tostring(value)] = "1"
    process.chdir "bin"
    check.eq(pwd(), value and process.cwd() or nil)
    task.spawn(function() check.eq(pwd(), value and process.cwd() or nil) end):wait()
    scope:close()
    check.eq(pwd(), value and process.cwd() or nil)
  end
  check.eq(pwd(), value or nil)
end
do
  local _ <close> = assert(proc.scope { cwd = "/" })
  process.env.PWD = "the script's own"
end
check.eq(pwd(), "the script's own")

-- Side by side, with writes and waits; those without a scope see the process's, as it is now.
local inside = {}
for i = 1, 20 do inside[i] = i end
local outside = task.spawn(function()
  for i = 1, 50 do
    process.env["OWN" .. i] = tostring(i)
    task.sleep(0)
    check.eq(os.getenv("OWN" .. i), tostring(i))
    check.eq(os.getenv "WHO", nil)
  end
end)
task.map(inside, 20, function(i)
  local _ <close> = assert(proc.scope { extend_env = { WHO = i } })
  for n = 1, 20 do
    task.sleep(0)
    check.eq(os.getenv "WHO", tostring(i))
    process.env["X" .. n] = i
    task.sleep(0)
    check.eq(process.env["X" .. n], tostring(i))
  end
end)
outside:wait()
check.eq(seen "OWN50", "50")
check.eq(seen "WHO", nil)
check.eq(seen "X1", nil)
