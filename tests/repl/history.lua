-- The history: a file of the user's own, appended to by several prompts, bounded, or none.
local fs = require "procrun.fs"
local repl = require "tests.lib.repl"

local library = repl.has "readline" and "readline" or repl.has "libedit" and "libedit"
if not library then
  print "skip: neither libreadline nor libedit is installed"
  os.exit(77)
end

local dir <close> = assert(fs.temp_dir())
local state = dir.path .. "/state"
local file = state .. "/procrun/history"
local env = {PROCRUN_HISTORY = false, XDG_STATE_HOME = state}

do
  local a <close> = repl.open(library, nil, env)
  a:enter("'first'", "> ")
  assert(fs.read(file) == "'first'\n")
  local b <close> = repl.open(library, nil, env)
  b:enter("'from b'", "> ")
  a:enter("'from a'", "> ")
  a:enter("'from a'", "> ")
  a:enter("", "> ")
  assert(fs.read(file) == "'first'\n'from b'\n'from a'\n", fs.read(file))
  assert(fs.stat(file).mode & 511 == 384, "rw-------")
  b:send "\27[A"
  b:expect "'from b'"
  b:send "\27[A\r"
  b:expect '"first"\n'
end
do
  local c <close> = repl.open(library, nil, env)
  c:send "\18from b"
  c:expect "'from b'"
  c:send "\r"
  c:expect '"from b"\n'
end

local lines = {}
for i = 1, 2100 do lines[i] = "x = " .. i end
assert(fs.write(file, table.concat(lines, "\n") .. "\n"))
do
  local d <close> = repl.open(library, nil, env)
  d:enter("x = 0", "> ")
  local count = select(2, fs.read(file):gsub("\n", ""))
  assert(count == 1001, count)
  assert(fs.read(file):find "^x = 1101\n")
end

env = {PROCRUN_HISTORY = "", XDG_STATE_HOME = dir.path .. "/none"}
do
  local e <close> = repl.open(library, nil, env)
  e:enter("x = 0", "> ")
  assert(not fs.exists(dir.path .. "/none"))
end
env = {PROCRUN_HISTORY = dir.path .. "/own"}
do
  local f <close> = repl.open(library, nil, env)
  f:enter("x = 1", "> ")
  assert(fs.read(dir.path .. "/own") == "x = 1\n")
end
env = {PROCRUN_HISTORY = "/proc/nowhere/history"}
do
  local g <close> = repl.open(library, nil, env)
  assert(g:enter("1", "> "):find "^1\n")
  g:enter(".help", "the history is not kept")
end
