-- A stream of ours as a child's stdio: we read no more of it, its listeners included.
local check = require "tests.lib.check"
local fs = require "fs"
local proc = require "proc"
local task = require "task"

-- a listener gets nothing from then on: all is the child's
local reader, writer = assert(fs.pipe())
local stolen = 0
reader:on("data", function(chunk) stolen = stolen + #chunk end)
task.yield() -- the listener's task waits now
local child = assert(proc.spawn("cat", {}, { stdio = { reader, "pipe", "inherit" } }))
assert(reader:fileno() == nil, "our end of a pipe is closed once given")
writer:finish("for the child")
check.eq(child.stdout:read("a"), "for the child")
check.eq(stolen, 0)

-- also before that task has run, and given away by the listener itself
reader, writer = assert(fs.pipe())
reader:on("data", function() error "not for us" end)
writer:finish("at once")
check.eq(proc.run("cat", { stdin = reader }).stdout, "at once")
reader, writer = assert(fs.pipe())
local got, heir = {}, nil
reader:on("data", function(chunk)
  got[#got + 1] = chunk
  heir = assert(proc.spawn("cat", {}, { stdio = { reader, "pipe", "inherit" } }))
end)
writer:write("first")
while not heir do task.sleep(0.001) end
writer:finish("second")
check.eq(heir.stdout:read("a"), "second")
check.eq(table.concat(got), "first")

-- kept open it stands still, until somebody listens anew
reader, writer = assert(fs.pipe())
local seen = {}
reader:on("data", function(chunk) seen[#seen + 1] = chunk end)
task.yield()
child = assert(proc.spawn("head", { "-n", 1 }, { keep_open = true,
  stdio = { reader, "pipe", "inherit" } }))
writer:write("theirs\n")
check.eq(child.stdout:read("a"), "theirs\n")
check.eq(#seen, 0)
local ended = task.event()
reader:on("end", function() ended:set() end)
reader:on("data", function() end)
writer:finish("ours")
assert(ended:wait(20))
check.eq(table.concat(seen), "ours")

-- a child's output given to another is not claimed by wait()
local first = assert(proc.spawn("sh", { "-c", "read x; echo \"$x\"" }))
local second = assert(proc.spawn("cat", {}, { keep_open = true,
  stdio = { first.stdout, "pipe", "inherit" } }))
local waiting = task.spawn(first.wait, first, 20)
task.yield()
first.stdin:finish("all of it\n")
check.eq(waiting:wait().stdout, nil)
first.stdout:close()
check.eq(second.stdout:read("a"), "all of it\n")

-- what is being piped elsewhere cannot be given as well
reader, writer = assert(fs.pipe())
local sink <close> = assert(fs.open("/dev/null", "w"))
reader:pipe(sink)
check.raises("stdin: pipe takes what comes from this stream", proc.spawn, "cat", {},
  { stdin = reader })
writer:close()
