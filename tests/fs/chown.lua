-- chown and lchown: ids and names; nil leaves one as it is.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local file, link = dir.path .. "/file", dir.path .. "/link"
assert(fs.write(file, "") and fs.symlink("file", link))
local me = fs.stat(file)

assert(fs.chown(file) == true and fs.chown(file, me.uid, me.gid) == true)
assert(fs.chown(file, nil, me.gid) == true and fs.lchown(link, me.uid) == true)
assert(fs.chown(file, tostring(me.uid)) == true, "a number as a string, as chown(1) takes it")

local ok, message, code = fs.chown(file, "no such user")
assert(ok == nil and code == "EINVAL")
assert(message == file .. ": no user is called 'no such user'", message)
ok, message, code = fs.chown(file, nil, "nogroup!")
assert(ok == nil and code == "EINVAL" and message:find("no group is called 'nogroup!'", 1, true))
assert(select(3, fs.chown(dir.path .. "/none", 0)) == "ENOENT")

if me.uid == 0 then
  assert(fs.chown(link, "daemon", "daemon") and fs.stat(file).uid == 1 and fs.stat(file).gid == 1)
  assert(fs.lstat(link).uid == 0)
  assert(fs.lchown(link, 12345, "1") and fs.lstat(link).uid == 12345 and fs.lstat(link).gid == 1)
  assert(fs.stat(file).uid == 1)
else
  assert(select(3, fs.chown(file, "root")) == "EPERM")
end

for _, bad in ipairs { -1, 1.5, "", {}, true, 1 << 32, "a\0b" } do
  local fine, err = pcall(function() return (fs.chown(file, bad)) end)
  assert(not fine and err:find("bad argument #2 to 'chown'", 1, true), err)
end
