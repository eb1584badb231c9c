-- What cannot be started: nil, message, code; the message names the step; nothing is left behind.
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local dir <close> = assert(fs.temp_dir())

local function fds()
  local n = 0
  for _ in fs.walk("/proc/self/fd") do n = n + 1 end
  return n
end

local function fails(code, pattern, ...)
  local child, message, got = proc.spawn(...)
  assert(child == nil and got == code, tostring(got) .. " " .. tostring(message))
  assert(message:find(pattern), message)
end

fails("ENOENT", "^spawn /nope: no such file or directory$", "/nope")
fails("ENOENT", "^spawn nope%-nope: no such file", "nope-nope")
fails("ENOENT", "^spawn: `ls %-l` is not a program; pass args, or use exec$", "ls -l")
fails("ENOENT", "^spawn ls: cwd /nope: no such file or directory$", "ls", { cwd = "/nope" })
fails("ENOTDIR", "^spawn ls: cwd /etc/passwd: ", "ls", { cwd = "/etc/passwd" })
fails("EACCES", "^spawn /etc/passwd: permission denied", "/etc/passwd")
fails("EACCES", "^spawn /: permission denied", "/")
local noise = dir.path .. "/noise"
fs.write(noise, "echo this is no program\n")
assert(os.execute("chmod +x " .. noise))
fails("ENOEXEC", "neither a program nor a script with #!", noise)
fs.write(noise, "#! /nope/interp -x\n")
fails("ENOENT", "noise: its interpreter /nope/interp: no such file or directory$", noise)
fails("ENOENT", "^spawn ./noise: its interpreter /nope/interp: ", "./noise", { cwd = dir.path })
fs.write(noise, "#!/bin/sh\r\n") -- as Windows ends its lines
fails("ENOENT", "noise: its interpreter /bin/sh%?: no such file or directory$", noise)
fails("E2BIG", "argument list too long", "true", { ("x"):rep(4 * 1024 * 1024) })
fails("ENOENT", "^spawn /no/shell: ", "ls", { shell = "/no/shell" })
local before
for i = 1, 20 do
  assert(not proc.spawn("/nope", { stdio = { "pipe", "pipe", "pipe", "pipe", "ipc" } }))
  if i == 1 then before = fds() end -- the first may take what launches keep
end
assert(fds() == before, "descriptors are left of children that were not started")

-- run gives a result, fork fails like spawn
assert(proc.run("ls", { cwd = "/nope" }).errno == "ENOENT")
local child, message, code = proc.fork("x.lua", { exec_path = "/nope" })
assert(child == nil and code == "ENOENT" and message == "fork /nope: no such file or directory")

assert(proc.which("sh"):find("/sh$"))
assert(proc.which("/bin/sh") == "/bin/sh" and proc.which("/bin") == nil)
local path, text, errno = proc.which("nope-nope")
assert(path == nil and errno == "ENOENT" and text:find("no program 'nope%-nope'"))
