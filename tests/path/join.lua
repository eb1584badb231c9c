-- join leaves out empty paths, treats later absolute ones as relative, and normalizes.
local path = require "procrun.path"

local function check(want, ...)
  local got = path.join(...)
  assert(got == want, ("%q, not %q"):format(got, want))
end
check(".")
check(".", "")
check(".", "", "")
check("/", "/")
check("/", "/", "..")
check("a/b", "a", "b")
check("a/b", "a/", "/b")
check("a/b/", "a", "", "b/")
check("b", "a", "../b")
check("../b", "a", "..", "..", "b")
check("/a/b", "/a", "/b")
check("/a", "", "/a")
check("a/", "a", "/")
check("log/3", "log", 3)
assert(path.sep == "/")
