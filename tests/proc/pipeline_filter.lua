-- pipeline with functions as stages: lines, their ends, back-pressure, waits, errors, limits.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local function same(line) return line end

-- in the middle, first behind data, last, next to each other
local r = proc.pipeline({ "seq", 5 }, function(l) return l % 2 == 1 and l .. "!" or nil end,
  { "tail", "-n", 2 })
assert(r.ok and r.stdout == "3!\n5!\n" and #r.stages == 3)
check.matches(r.command, "^seq 5 | function <.*pipeline_filter.lua:%d+> | tail %-n 2$")
r = proc.pipeline({ input = "a\nb\n" }, string.upper)
assert(r.ok and r.stdout == "A\nB\n" and r.code == 0 and #r.stages == 2 and r.stages[1].ok)
r = proc.pipeline({ input = "a\nb\nc\n" }, function(l) return l ~= "b" and l or nil end,
  function(l) return l .. "\n" .. l end, function(l) return "<" .. l .. ">" end, { "cat" })
assert(r.stdout == "<a>\n<a>\n<c>\n<c>\n", r.stdout)
assert(proc.pipeline({ input = "x" }, { "cat" }).stdout == "x")
assert(proc.pipeline(same, { "cat" }, { input = "1\n2\n" }).stdout == "1\n2\n")
assert(proc.pipeline(same, { input = "alone\n" }).stdout == "alone\n")
assert(proc.pipeline({ input = "7\n" }, function(l) return l + 1 end).stdout == "8\n", "a number")

-- the end of the last line stays as it is; empty lines, bytes of any kind
for _, text in ipairs { "", "\n", "\n\n", "a", "a\n", "a\n\nb", "\0\xff\r\n\0" } do
  assert(proc.pipeline({ input = text }, same, { "cat" }).stdout == text)
  assert(proc.pipeline({ input = text }, { "cat" }, same, same).stdout == text)
end
local long = ("x"):rep(300000)
r = proc.pipeline({ input = long .. "\n" .. long }, { "cat" }, same, { "cat" })
assert(r.stdout == long .. "\n" .. long)

-- more than fits anywhere, in order; nothing is lost and not much is held
r = proc.pipeline({ "seq", 300000 }, same, { "cat" }, same, { "cksum" })
assert(r.stdout == proc.exec("seq 300000 | cksum"):wait().stdout)
local made = 0
local job <close> = assert(proc.start_pipeline({ "yes", ("y"):rep(99) },
  function(l) made = made + 1; return l end, { "sleep", 60 }))
local before
repeat
  before = made
  task.sleep(0.05)
until made == before and made > 0
assert(made < 10000, "a stage that does not read is not written to without end")
job:kill_tree()
assert(job:wait(10).signal == "SIGTERM")

-- false ends the input: before it SIGPIPE, behind it what was made
local seen = 0
r = proc.pipeline({ "yes" }, function(l)
  seen = seen + 1
  if seen > 3 then return false end
  return l
end, { "wc", "-l" })
assert(r.ok and r:text():match("%d+") == "3" and r.stages[1].signal == "SIGPIPE")
-- who reads no more ends what is before
r = proc.pipeline({ "yes" }, same, { "head", "-n", 1 })
assert(r.ok and r.stdout == "y\n" and r.stages[1].signal == "SIGPIPE")
-- a bad program is still found
r = proc.pipeline({ "sh", "-c", "echo x; exit 3" }, same, { "cat" })
assert(not r.ok and r.stage == 1 and r.code == 3 and r.stdout == "x\n")
r = proc.pipeline({ "yes" }, same, { "sh", "-c", "exit 4" })
assert(not r.ok and r.stage == 3 and r.code == 4)

-- a function may wait; what was made before is on its way
local got = task.event()
r = proc.pipeline({ input = "1\n2\n3\n" }, function(l)
  if l == "2" then assert(got:wait(10)) end
  return proc.run("echo", { "got", l }):text()
end, function(l) return l end, { "cat" }, function(l)
  if l == "got 1" then got:set() end
  return l
end)
assert(r.stdout == "got 1\ngot 2\ngot 3\n", r.stdout)

-- an error: raised as it is, nothing left running
local children
local ok, err = pcall(function()
  local one <close> = assert(proc.start_pipeline({ "sleep", 60 }, { "yes" }, function()
    error "what a line"
  end, { "sleep", 60 }))
  children = one.children
  return one:wait()
end)
assert(not ok)
check.matches(err, "pipeline_filter.lua:%d+: what a line$")
for _, child in ipairs(children) do assert(child:status() ~= "active") end
local object = { mine = true }
ok, err = pcall(proc.pipeline, { input = "x\n" }, function() error(object) end)
assert(not ok and err == object)
check.raises("the function of stage 3 gave a table for a line", proc.pipeline, { input = "x\n" },
  same, function() return {} end, { "cat" })

-- limits
r = proc.pipeline({ "cat" }, same, { "cat" }, { input = ("x"):rep(101) .. "\n", max_line = 100 })
assert(not r.ok and r.stage == 2 and r.errno == "EMSGSIZE")
check.has(r, "met a line longer than max_line, 100 bytes")
assert(proc.pipeline({ "cat" }, same, { input = ("x"):rep(100) .. "\n", max_line = 100 }).ok)
r = proc.pipeline({ input = "x\n" }, function() task.sleep(60) end, { timeout = 0.1 })
assert(not r.ok and r.timed_out and r.errno == "ETIMEDOUT" and r.stage == 2)
r = proc.pipeline({ "yes" }, same, { max_buffer = 1000 })
assert(not r.ok and r.errno == "ENOBUFS" and r.stage == 2 and #r.stdout == 1000)

-- the last one's output to a file, a stream, nowhere
local dir <close> = assert(fs.temp_dir())
local path = dir.path .. "/out"
local file = assert(io.open(path, "w"))
assert(proc.pipeline({ "seq", 3 }, same, { stdout = file }).stdout == nil)
file:close()
assert(fs.read(path) == "1\n2\n3\n")
local stream <close> = assert(fs.open(path, "w"))
assert(proc.pipeline({ "seq", 2 }, same, { stdout = stream }).ok)
stream:close()
assert(fs.read(path) == "1\n2\n")
assert(proc.pipeline({ "seq", 2 }, same, { stdout = "ignore" }).stdout == nil)
local input <close> = assert(fs.open(path))
assert(proc.pipeline(same, { stdin = input }).stdout == "1\n2\n")
local full = assert(io.open("/dev/full", "w"))
r = proc.pipeline({ "seq", 2 }, same, { stdout = full })
full:close()
assert(r.ok or r.stage == 2)

-- standard streams are not closed, the end of a pipe is, unless it is to be kept
local ran = check.run [[
  local proc = require "procrun.proc"
  local function id(l) return l end
  assert(proc.pipeline({ input = "one\n" }, id, { stdout = process.stdout }).ok)
  assert(proc.pipeline({ input = "two\n" }, id, { stdout = io.stdout }).ok)
  local reader, writer = require "procrun.pipe".new()
  assert(proc.pipeline({ input = "three\n" }, id, { stdout = writer, keep_open = true }).ok)
  assert(proc.pipeline({ input = "four\n" }, id, { stdout = writer }).ok)
  assert(proc.pipeline(id, { stdin = reader, stdout = "inherit" }).ok)
  print "five"
]]
check.eq(ran.out, "one\ntwo\nthree\nfour\nfive\n")
assert(ran.code == 0, ran.err)

-- misuse
check.raises("stage 1 is a function and has no input", proc.pipeline, same, { "cat" })
check.raises("the data has no stage", function() proc.pipeline({ input = "x" }, { cwd = "/" }) end)
check.raises("(command table or function expected, got number)", proc.pipeline, { "ls" }, 3)
check.raises("not 'cwd'", proc.pipeline, { input = "x", cwd = "/" }, { "cat" })
check.raises("beside {input = bytes}", proc.pipeline, { input = "x" }, { "cat" }, { input = "y" })
check.raises("stdout of a function", proc.pipeline, { "true" }, same, { stdout = "file.txt" })
