-- write and append take a function or a stream: the file is there when all of it is, or not at all.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
local function clean()
  for _, name in ipairs(fs.readdir(dir.path)) do
    assert(not name:find("^%.procrun"), "a temporary file is left")
  end
end
local function pieces(...)
  local list, i = { ... }, 0
  return function()
    i = i + 1
    return list[i]
  end
end

assert(fs.write(at "a", pieces("one ", 2, "", " three")) == true)
assert(fs.read(at "a") == "one 2 three")
assert(fs.chmod(at "a", "750") and fs.write(at "a", pieces("new")) and fs.read(at "a") == "new")
assert(fs.stat(at "a").mode == 488)
assert(fs.append(at "a", pieces("er", "!")) == true and fs.read(at "a") == "newer!")
assert(fs.write(at "b", pieces("x"), { mode = "600", sync = true, overwrite = false }))
assert(fs.stat(at "b").mode == 384)
local ok, message, code = fs.write(at "b", pieces("y"), { overwrite = false })
assert(ok == nil and code == "EEXIST" and message == at "b" .. ": file exists", message)
assert(fs.write(at "b", pieces(), { atomic = false }) and fs.read(at "b") == "")

-- A stream, up to its end: what a child prints.
local child <close> = assert(proc.spawn("seq", { 100000 }))
assert(fs.write(at "seq", child.stdout) == true)
assert(fs.read(at "seq") == assert(proc.run("seq", { 100000 })).stdout)
local file <close> = assert(fs.open(at "seq"))
assert(fs.write(at "copy", file) and os.execute(("cmp '%s' '%s'"):format(at "seq", at "copy")))

-- Nobody sees it before it is complete; a failure, an error and a cancel leave the old one.
assert(fs.write(at "a", function()
  local read = fs.read(at "a")
  if read == "newer!" then
    fs.write(at "b", "seen")
    return nil, "out of words", "EIO"
  end
end) == nil)
assert(fs.read(at "b") == "seen" and fs.read(at "a") == "newer!")
local fine, err = pcall(fs.write, at "a", function() error("oops", 0) end)
assert(not fine and err == "oops" and fs.read(at "a") == "newer!")
fine, err = pcall(fs.write, at "a", function() return {} end)
assert(not fine and err:find("'write' (it gave a table: string expected)", 1, true), err)
local started = task.event()
local writer = task.spawn(fs.write, at "a", function()
  started:set()
  task.sleep("1h")
end)
started:wait()
writer:cancel()
assert(select(3, writer:wait()) == "ECANCELED")
assert(fs.read(at "a") == "newer!")
clean()

-- A FIFO is waited for, and gets the pieces.
assert(os.execute(("mkfifo '%s'"):format(at "fifo")))
local reader = task.spawn(fs.read, at "fifo")
assert(fs.write(at "fifo", pieces("through ", "it")) == true and reader:wait() == "through it")
ok, message, code = fs.write("/dev/full", pieces("x"))
assert(ok == nil and code == "ENOSPC" and message == "/dev/full: no space left on device", message)
clean()
