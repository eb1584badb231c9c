-- copy: contents, mode, options; onto itself, over what is there, and never half.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
local function fails(code, text, ok, message, its_code)
  assert(ok == nil and its_code == code and message:find(text, 1, true), message)
end

assert(fs.write(at "a", "one", { mode = "640" }) and fs.utime(at "a", 1000.5, 2000.25))
assert(fs.copy(at "a", at "b") == true and fs.read(at "b") == "one")
assert(fs.stat(at "b").mode == 416 and fs.stat(at "b").mtime > 1e9)
assert(fs.copy(at "a", at "b", { times = true, mode = "600" }))
local stat = fs.stat(at "b")
assert(stat.mtime == 2000.25 and stat.mode == 384)
assert(fs.copy(at "a", at "b", { sync = true, atomic = false }) and fs.stat(at "b").mode == 416)

fails("EEXIST", at "a" .. " -> " .. at "b" .. ": file exists",
  fs.copy(at "a", at "b", { overwrite = false }))
assert(fs.write(at "b", "two"))
assert(fs.copy(at "a", at "b", { overwrite = "skip" }) == true and fs.read(at "b") == "two")
assert(fs.copy(at "a", at "new", { overwrite = false }) and fs.read(at "new") == "one")

-- Onto itself, by whatever name, nothing is lost.
assert(fs.link(at "a", at "hard") and fs.symlink("a", at "soft"))
for _, atomic in ipairs { true, false } do
  for _, name in ipairs { "a", "hard", "soft", "../" .. dir.path:match("[^/]*$") .. "/a" } do
    assert(fs.copy(at "a", at(name), { atomic = atomic }) == true)
    assert(fs.read(at "a") == "one", name)
  end
end
assert(fs.is_link(at "soft"))

-- Through links, and into all names of a file.
assert(fs.write(at "target", "old") and fs.symlink("target", at "link"))
assert(fs.copy(at "a", at "link") and fs.is_link(at "link") and fs.read(at "target") == "one")
assert(fs.symlink("made", at "dangling") and fs.copy(at "a", at "dangling"))
assert(fs.is_link(at "dangling") and fs.read(at "made") == "one")
fails("EEXIST", "file exists", fs.copy(at "a", at "dangling", { overwrite = false }))
assert(fs.link(at "target", at "second") and fs.copy(at "b", at "target"))
assert(fs.read(at "second") == "two")

-- What is no file, and a file of /proc whose size nobody knows.
assert(os.execute(("mkfifo '%s'"):format(at "fifo")))
fails("EINVAL", "not a regular file", fs.copy(at "fifo", at "c"))
fails("EINVAL", "not a regular file", fs.copy(at "a", at "fifo"))
fails("EINVAL", "not a regular file", fs.copy("/dev/zero", at "c"))
fails("EINVAL", "not a regular file", fs.copy(at "a", "/dev/null"))
fails("EISDIR", "is a directory; name the copy in it", fs.copy(at "a", dir.path))
fails("EEXIST", "file exists", fs.copy(at "a", dir.path, { overwrite = false }))
fails("EISDIR", "is a directory", fs.copy(dir.path, at "c"))
fails("ENOENT", "no such file", fs.copy(at "a", at "no/c"))
assert(fs.copy("/proc/self/status", at "status") and #fs.read(at "status") > 100)
if fs.exists("/proc/cpuinfo") then
  assert(fs.copy("/proc/cpuinfo", at "cpu") and fs.read(at "cpu") ~= "")
end

-- Large, with a hole: the hole takes no room in the copy, either.
assert(fs.write(at "big", ("0123456789abcdef"):rep(100000)) and fs.truncate(at "big", 64 << 20))
assert(fs.append(at "big", "end"))
assert(fs.copy(at "big", at "big2") and fs.stat(at "big2").size == (64 << 20) + 3)
assert(fs.stat(at "big2").blocks <= fs.stat(at "big").blocks + 16, "the hole was filled")
assert(os.execute(("cmp '%s' '%s'"):format(at "big", at "big2")))
assert(fs.truncate(at "hole", 0) == nil and fs.touch(at "hole") and fs.truncate(at "hole", 1 << 20))
assert(fs.copy(at "hole", at "hole2") and fs.read(at "hole2") == ("\0"):rep(1 << 20))

for _, name in ipairs(fs.readdir(dir.path)) do
  assert(not name:find("^%.procrun"), "a temporary file is left")
end
local ok, message = pcall(fs.copy, at "a", at "b", { overwrite = "no" })
assert(not ok and message:find("option 'overwrite': true, false or \"skip\" expected", 1, true))
