-- with_extension replaces, adds and takes away; paths that end in no name are misuse.
local path = require "procrun.path"

local function check(want, ...)
  local got = path.with_extension(...)
  assert(got == want, ("%q, not %q"):format(got, want))
end
check("a.o", "a.c", ".o")
check("a.o", "a.c", "o")
check("a.o", "a", ".o")
check("a", "a.c", "")
check("x.y/a.o", "x.y/a", ".o")
check("/a.tar.xz", "/a.tar.gz", "xz")
check("x//a.o", "x//a.c//", ".o")
check(".profile.bak", ".profile", "bak")
check("a.o", "a.", ".o")
for _, p in ipairs { "", ".", "..", "/", "a/..", "//" } do
  local ok, err = pcall(function() return (path.with_extension(p, "c")) end)
  assert(not ok and err:find("with_extension.lua:%d+: bad argument #1 to 'with_extension'"), err)
end
local ok, err = pcall(path.with_extension, "a", ".c/d")
local want = "bad argument #2 to 'with_extension' (extension contains a slash)"
assert(not ok and err:find(want, 1, true), err)
