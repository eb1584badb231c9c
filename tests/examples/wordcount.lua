-- timeout: 120
-- The example counts what a single process counts, though a worker is killed on the way and a file
-- cannot be read.

local fs = require "fs"
local proc = require "proc"
local task = require "task"

-- Copies that another user may run, wherever this checkout stands.
local base = os.getenv("TMPDIR")
local dir, procrun, example = base .. "/words", base .. "/procrun", base .. "/wordcount.lua"
assert(fs.chmod(base, 493)) -- rwxr-xr-x
assert(fs.copy(process.exec_path, procrun))
assert(fs.chmod(procrun, 493))
assert(fs.copy("scripts/examples/wordcount.lua", example))
assert(fs.chmod(example, 420)) -- rw-r--r--
local expected, files, bytes = {}, 0, 0

local words = {}
for i = 1, 997 do
  local letter = 1 + i % 8
  words[i] = ("w"):rep(1 + i % 7) .. ("abcdefgh"):sub(letter, letter) .. ("xyz"):rep(i % 5)
end

for i = 1, 400 do
  local list = {}
  for j = 1, 3000 do list[j] = words[(i * j * 31) % #words + 1] end
  local text = table.concat(list, " ") .. "\n"
  local sub = ("%s/%d"):format(dir, i % 10)
  assert(fs.mkdir_p(sub))
  assert(fs.write(("%s/file %d.txt"):format(sub, i), text))
  for word in text:gmatch("%a+") do expected[word] = (expected[word] or 0) + 1 end
  files, bytes = files + 1, bytes + #text
end

local unreadable = dir .. "/secret"
assert(fs.write(unreadable, "nobody reads this\n"))
assert(fs.chmod(unreadable, 0))
local options = {timeout = "100s", capture = true}
if fs.read(unreadable) then -- root reads everything; the example runs as nobody, if that can be
  options.uid, options.gid, options.cwd = 65534, 65534, "/"
end

local words_of = {example, dir, "--workers", 2}
local child = assert(proc.spawn(procrun, words_of, options))
local killed
for _ = 1, 2000 do
  local usage = child:usage()
  if not usage then break end
  if usage.children[1] then
    killed = proc.run("kill", {"-KILL", usage.children[1]}).ok
    break
  end
  task.sleep(0.001)
end
local r = child:wait()
assert(r.ok, tostring(r) .. r.stderr)
assert(killed, "no worker was seen")
assert(r.stderr:find("is gone", 1, true), r.stderr)
assert(r.stderr:find("secret: permission denied; skipped", 1, true), r.stderr)

local sorted = {}
for word in pairs(expected) do sorted[#sorted + 1] = word end
table.sort(sorted, function(a, b)
  if expected[a] ~= expected[b] then return expected[a] > expected[b] end
  return a < b
end)
local lines = r:lines()
for i = 1, math.min(20, #sorted) do
  assert(lines[i] == ("%8d  %s"):format(expected[sorted[i]], sorted[i]), lines[i])
end
local summary = ("%d files, %d bytes, %d words"):format(files, bytes, #sorted)
assert(lines[#lines - 1]:find(summary, 1, true), lines[#lines - 1])
assert(lines[#lines] == "1 files skipped", lines[#lines])
