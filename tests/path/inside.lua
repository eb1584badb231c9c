-- is_inside: does a path, taken from a base, stay in it?
local path = require "procrun.path"
assert(path.is_inside("a/b", "/srv") and path.is_inside("a/../b", "/srv") and path.is_inside("",
  "/srv"))
assert(path.is_inside("/srv/x", "/srv/") and path.is_inside("/srv", "/srv")
  and path.is_inside("/x", "/"))
assert(not path.is_inside("../x", "/srv") and not path.is_inside("a/../../srv2", "/srv"))
assert(not path.is_inside("/srv2", "/srv") and not path.is_inside("/etc/passwd", "/srv"))
assert(path.is_inside("x", "rel") and not path.is_inside("..", "rel") and path.is_inside("../..",
  "/"))
