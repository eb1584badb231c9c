-- absolute and relative: against a base, and against the working directory only when needed.
local fs = { cwd = function() error("the working directory was asked for") end }
package.loaded["procrun.core.fs"] = fs
local path = require "procrun.path"

local function check(want, got)
  assert(got == want, ("%q, not %q"):format(got, want))
end
check("/a", path.absolute("/a"))
check("/", path.absolute("/"))
check("/", path.absolute("/../.."))
check("/a/b", path.absolute("/a//./c/../b/"))
check("/base/a", path.absolute("a", "/base"))
check("/base", path.absolute("", "/base/"))
check("/a", path.absolute("../a", "/base"))
check("/x", path.absolute("/x", "base"))
check("../doc/a.md", path.relative("/home/src", "/home/doc/a.md"))
check("", path.relative("/a/b", "/a/b/"))
check("..", path.relative("/a/b", "/a"))
check("b", path.relative("/a", "/a/b"))
check("a", path.relative("/", "/a"))
check("..", path.relative("/a", "/"))
check("../ab", path.relative("/a", "/ab")) -- whole names, not prefixes of text
check("../../x/y", path.relative("/a/b", "/x/y"))

fs.cwd = function() return "/some/dir" end
check("/some/dir/a", path.absolute("a"))
check("/some/a", path.absolute("../a"))
check("/some/dir", path.absolute(""))
check("/some/dir/base/a", path.absolute("a", "base"))
check("/a", path.absolute("../../../a"))
check("../b", path.relative("a", "b"))
check("../../..", path.relative("a", "/"))
check("some/dir/a", path.relative("/", "a"))
fs.cwd = function() return "/" end
check("/a", path.absolute("a"))

fs.cwd = function() return nil, "no such file or directory", "ENOENT" end
for _, call in ipairs {
  function() return path.absolute("a") end,
  function() return path.absolute("a", "b") end,
  function() return path.relative("/a", "b") end,
  function() return path.relative("a", "/b") end,
} do
  local got, message, code = call()
  assert(got == nil and code == "ENOENT" and message == "cwd: no such file or directory")
end
package.loaded["procrun.core.fs"] = nil
