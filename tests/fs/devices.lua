-- Devices, FIFOs and the files of the kernel: a call that may have to wait holds up only its task,
-- and none waits that has no reason to.
local fs = require "procrun.fs"
local task = require "procrun.task"
local dir <close> = assert(fs.temp_dir())
local fifo = dir.path .. "/fifo"
assert(os.execute("mkfifo '" .. fifo .. "'"))

-- Without an end: a limit, or as much as is asked for.
assert(select(3, fs.read("/dev/zero", 100000)) == "EFBIG")
local zero <close> = assert(fs.open("/dev/zero"))
assert(zero:read(5) == "\0\0\0\0\0" and zero.seek == nil)
local endless = task.spawn(fs.read, "/dev/zero")
for _ = 1, 20 do assert(fs.stat("/dev/zero").type == "char") end
endless:cancel()
assert(select(3, endless:wait()) == "ECANCELED")

-- A FIFO that nobody else has open stops none of these.
local calls = {
  stat = {}, lstat = {}, exists = {}, is_file = {}, access = { "rw" }, chmod = { "644" },
  touch = {},
  utime = {}, truncate = {}, sync = {}, chown = {}, realpath = {}, disk_space = {}, tree_size = {},
  copy = { dir.path .. "/x" }, copy_tree = { dir.path .. "/copy" }, is_link = {}, readlink = {},
  link = { dir.path .. "/second" }, symlink = { dir.path .. "/third" }, same_file = { fifo },
  chmod_tree = { "u+r" }, chown_tree = {}, readdir = {}, mkdir_p = {},
}
for name, arguments in pairs(calls) do
  local got, message, code = task.timeout("20s", fs[name], fifo, table.unpack(arguments))
  assert(code ~= "ETIMEDOUT", name .. " waits")
  assert(got ~= nil or code, message)
end
assert(fs.copy("/dev/null", fifo) == nil and fs.copy(fifo, fifo) == nil)
assert(fs.move(fifo, dir.path .. "/moved") == true and fs.remove(dir.path .. "/moved"))

-- Files of the kernel are written themselves: nothing can be made beside them.
if fs.exists("/proc/self/comm") then
  assert(fs.write("/proc/self/comm", "new name") and fs.read("/proc/self/comm") == "new name\n")
  assert(fs.write(dir.path .. "/name", "other") and fs.copy(dir.path .. "/name", "/proc/self/comm"))
  assert(fs.read("/proc/self/comm") == "other\n")
end
