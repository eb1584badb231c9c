-- rock.lua - for tests of what others have written for lua: local rock = require "tests.lib.rock".
-- rock.need skips the test where a module is not installed; rock.same runs a script by lua5.4 and
-- by procrun, which have to do the same.

local check = require "tests.lib.check"
local proc = require "procrun.proc"

local M = {}

local function skip(why)
  print("skip: " .. why)
  os.exit(77)
end

--- need(package, name …): modules for lua5.4, which that package of Debian brings
function M.need(package, ...)
  local found = proc.run("lua5.4", {"-v"})
  if not found.ok then skip("lua5.4 is not installed") end
  for _, name in ipairs {...} do
    local r = proc.run("lua5.4", {"-e", ("require %q"):format(name)}, {cwd = "/", env = M.env()})
    if not r.ok then
      check.has(r.stderr, ("module '%s' not found"):format(name))
      skip(("%s is not installed: %s"):format(name, package))
    end
  end
end

--- program(package, name) -> path of a program that the package brings
function M.program(package, name)
  return proc.which(name) or skip(("%s is not installed: %s"):format(name, package))
end

--- env([changes]) -> an environment without the settings of whoever runs the tests
function M.env(changes)
  local env = {HOME = check.tmp("home"), LC_ALL = "C"}
  for _, name in ipairs {"PATH", "TMPDIR", "PROCRUN", "ASAN_OPTIONS", "UBSAN_OPTIONS"} do
    env[name] = os.getenv(name)
  end
  for name, value in pairs(changes or {}) do env[name] = value end
  return env
end

local function run(interpreter, file, options)
  local args = {table.unpack(options.args or {})}
  table.insert(args, 1, file)
  return proc.run(interpreter, args, {cwd = os.getenv("TMPDIR"), env = M.env(options.env),
    input = options.input or "", timeout = 60})
end

-- Addresses differ, and so does the name of the interpreter.
local function plain(text)
  return (text:gsub("0x%x+", "0x…"):gsub("\t%[C%]: in %?\n?", ""):gsub("^lua5%.4: ", "procrun: "))
end

--- same(script, [options]) -> result of procrun. Options: args, env, input; fails: the status
--- of both. Standard output is the same, and so is the first line of standard error.
function M.same(script, options)
  options = options or {}
  local file = check.write(check.tmp("same.lua"), script)
  local theirs = run("lua5.4", file, options)
  local ours = run(os.getenv("PROCRUN"), file, options)
  check.eq(theirs.code, options.fails or 0, theirs.stderr)
  check.eq(ours.code, theirs.code, ours.stderr)
  check.eq(plain(ours.stdout), plain(theirs.stdout))
  local first = "^[^\n]*"
  check.eq(plain(ours.stderr):match(first), plain(theirs.stderr):match(first))
  return ours
end

return M
