-- parts lists the names; joined again they are the normal path.
local path = require "procrun.path"

local function check(p, want)
  local got = table.concat(path.parts(p), " ")
  assert(got == want, ("parts %q: %q, not %q"):format(p, got, want))
end
check("", "")
check(".", "")
check("/", "/")
check("//", "/")
check("a", "a")
check("a/b", "a b")
check("/a//./b/", "/ a b")
check("./../a/..", ".. a ..")
for _, p in ipairs { "", "/", "a/../b", "/../x", "../.././y", "//a//b" } do
  assert(path.join(table.unpack(path.parts(p))) == path.normal(p), p)
end
assert(path.is_absolute("/") and path.is_absolute("//a"))
assert(not path.is_absolute("") and not path.is_absolute("a/") and not path.is_absolute("~"))
