-- procrun.profile: a part of a program; one at a time; workers write files of their own.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local procrun = require "procrun"

local function burn(seconds)
  local stop = os.clock() + seconds
  while os.clock() < stop do end
end

local path = check.tmp("part.txt")
local profiler = assert(procrun.profile(path, {interval = "2ms"}))
local other, message, code = procrun.profile(path)
assert(other == nil and code == "EBUSY" and message:find "it runs already", message)
burn(0.2)
local samples = profiler:stop()
assert(samples > 5 and samples <= 200 and profiler:stop() == samples, samples)
local text = check.read(path)
assert(text:find "^main task;tests/procrun/profile_part%.lua:%(main chunk%);", text)
assert(text:find ":burn", text)

do
  local _ <close> = assert(procrun.profile(path)) -- again, over the old file
  burn(0.05)
end
collectgarbage() -- the one before is no longer anybody's to end
local third <close> = assert(procrun.profile(path))
assert(third:stop() >= 0)

for _, case in ipairs {
  {"bad argument #1 to 'profile' %(path expected, got nil%)"},
  {"bad argument #2 to 'profile' %(table expected, got number%)", path, 5},
  {"profile: unknown option 'rate' %(known: interval%)", path, {rate = 5}},
  {"profile: interval: .*soon", path, {interval = "soon"}},
  {"profile: interval: 0 s is not between", path, {interval = 0}},
} do
  local ok, err = pcall(procrun.profile, case[2], case[3])
  assert(not ok and err:find(case[1]), err)
end
local none, why, errno = procrun.profile("/nonexistent/x")
assert(none == nil and errno == "ENOENT" and why:find "^profile: /nonexistent/x: ", why)

-- A file for each process.
local script = check.write(check.tmp("family.lua"), [[
  if process.connected then for i = 1, 1e7 do end return end
  local worker = require "proc".fork(arg[0])
  print(process.pid, worker.pid)
  for i = 1, 1e7 do end
  worker:wait()]])
local option = "--profile=" .. check.tmp("p.%p.%%.txt")
local result = proc.run(process.exec_path, {option, script}):check()
for pid in result.stdout:gmatch("%d+") do
  assert(check.read(check.tmp("p." .. pid .. ".%.txt")):find "main task;.-family%.lua:")
end
proc.run(process.exec_path, {"--profile=" .. check.tmp("alone.txt"), script}):check()
local count = 0
for _, name in ipairs(fs.readdir(os.getenv "TMPDIR")) do
  if name:find "^alone" then count = count + 1 end
end
assert(count == 1)
