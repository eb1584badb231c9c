-- A trace on standard error: whole lines, none inside a line of the script's; procrun.trace starts
-- and ends it.
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local procrun = require "procrun"

local script = check.write(check.tmp("script.lua"), [[
  local fs = require "fs"
  io.stderr:write("half a line")
  fs.stat("/")
  io.stderr:write("a whole one\n")
  fs.stat("/")
  io.stderr:write("left")]])
-- Separate, and both on one descriptor.
for _, options in ipairs {{}, {stderr = "stdout"}} do
  local result = proc.run(process.exec_path, {"--trace=fs,stream", script}, options):check()
  local text = options.stderr and result.stdout or result.stderr
  local mine = {}
  for line in (text .. "\n"):gmatch("([^\n]*)\n") do
    if not line:find "^%d+%.%d+ %d+ %l+ %l+ %S+=" then mine[#mine + 1] = line end
  end
  assert(table.concat(mine, "|") == "half a line|a whole one|left", text)
  assert(select(2, text:gsub(" fs call op=%l+ path=/\n", "")) == 2, text)
end

local path = check.tmp("part.txt")
assert(procrun.trace("proc", path))
proc.run("true")
assert(procrun.trace())
proc.run("false")
local text = check.read(path)
assert(text:find " proc spawn pid=%d+ file=true\n" and not text:find "file=false", text)
assert(procrun.trace(" proc , task", "+" .. path)) -- goes on behind it
proc.run("false")
assert(procrun.trace(false))
assert(check.read(path):find(text, 1, true) == 1 and check.read(path):find " file=false\n")

for _, case in ipairs {
  {"bad argument #1 to 'trace' %(names of categories expected, got number%)", 5},
  {"bad argument #1 to 'trace' %(unknown category 'x' %(known: proc, .*, all%)%)", "proc,x"},
  {"bad argument #2 to 'trace' %(path expected, got table%)", "proc", {}},
} do
  local ok, err = pcall(procrun.trace, case[2], case[3])
  assert(not ok and err:find(case[1]), err)
end
local none, message, code = procrun.trace("proc", "/nonexistent/x")
assert(none == nil and code == "ENOENT" and message:find "^trace: /nonexistent/x: ", message)
