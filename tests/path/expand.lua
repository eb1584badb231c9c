-- expand: "~" is HOME, or the user database without one; "~name" is that user's home directory.
local path = require "procrun.path"

local real, env = os.getenv, {}
os.getenv = function(name) -- luacheck: ignore 122
  if name == "HOME" then return env.HOME end
  return real(name)
end

env.HOME = "/home/ann"
assert(path.expand("~") == "/home/ann")
assert(path.expand("~/") == "/home/ann/")
assert(path.expand("~/a/~") == "/home/ann/a/~")
for _, p in ipairs { "", "a", "./~", "a/~", "/~", "$HOME", "a~" } do
  assert(path.expand(p) == p, p)
end
env.HOME = "/home/ann//"
assert(path.expand("~/a") == "/home/ann/a")
env.HOME = "/"
assert(path.expand("~") == "/" and path.expand("~/a") == "/a")

-- root stands in every passwd file; where it lives is not ours to say.
local root
for line in io.lines("/etc/passwd") do
  root = root or line:match("^root:[^:]*:0:[^:]*:[^:]*:([^:]+):")
end
if root then
  assert(path.expand("~root/x") == root .. "/x" and path.expand("~root") == root)
end

-- Without HOME: the entry of the user who runs this, if there is one.
for _, unset in ipairs { false, "" } do
  env.HOME = unset or nil
  local got, message, code = path.expand("~/x")
  if got then
    assert(got:find("^/.*/?x$"), got)
  else
    assert(message == "expand ~/x: HOME is not set" and code == "ENOENT", message)
  end
end

for _, user in ipairs { "no-such-user", "-V", "$(id)", "a;b", "x y" } do
  local got, message, code = path.expand("~" .. user .. "/x")
  assert(got == nil and code == "ENOENT")
  assert(message == "expand ~" .. user .. "/x: no such user", message)
end
os.getenv = real -- luacheck: ignore 122
