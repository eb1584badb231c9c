-- uid and gid: really changed, supplementary groups cleared, names taken; who may not is told which
-- step was refused.
local check = require "tests.lib.check"
local proc = require "proc"

local SCRIPT <const> = "id -u; id -g; grep Groups: /proc/self/status"


if proc.run("id", { "-u" }):text() ~= "0" then
  for _, wish in ipairs { "uid", "gid" } do
    local none, message, code = proc.spawn("true", {}, { [wish] = 0 })
    assert(none == nil and code == "EPERM")
    check.eq(message, ("spawn true: %s: operation not permitted"):format(wish))
  end
  print "skip: only root can become somebody else"
  os.exit(77)
end

local function ids(options)
  return (proc.run("sh", { "-c", SCRIPT }, options):check().stdout:gsub("%s+", " "))
end
check.eq(ids { uid = 12345, gid = 23456 }, "12345 23456 Groups: ")
check.eq(ids { uid = 12345 }, "12345 0 Groups: ")
check.eq(ids { gid = 23456 }, "0 23456 Groups: ")
local nobody = proc.run("id", { "-u", "nobody" }):text()
local group = proc.run("id", { "-gn", "nobody" }):text()
check.eq(ids { uid = "nobody", gid = group },
  ("%s %s Groups: "):format(nobody, proc.run("id", { "-g", "nobody" }):text()))

local none, message, code = proc.spawn("id", {}, { uid = "no such user" })
assert(none == nil and code == "ENOENT")
check.eq(message, "spawn id: uid: there is no 'no such user'")
none, message, code = proc.spawn("id", {}, { gid = "no such group" })
assert(none == nil and code == "ENOENT")
check.eq(message, "spawn id: gid: there is no 'no such group'")

-- somebody else, who is not root, cannot; as himself he can
for _, wish in ipairs { "uid", "gid" } do
  local r = proc.run(process.exec_path, { "-e", ([[
    print(require "proc".spawn("true", {}, {%s = 0}))
    print((require "proc".spawn("true", {}, {uid = 12345, gid = 12345})) ~= nil)]]):format(wish) },
    { uid = 12345, gid = 12345, cwd = "/" })
  if r.errno == "EACCES" then break end -- he cannot reach this procrun
  check.eq(r.stdout, ("nil\tspawn true: %s: operation not permitted\tEPERM\ntrue\n"):format(wish))
end

for _, wrong in ipairs { -1, 1.5, "", true, {} } do
  check.raises("option 'uid': number or name of a user or group expected", proc.spawn, "true", {},
    { uid = wrong })
end
