-- normal resolves dots and doubled slashes as Node's path.posix.normalize does.
local path = require "procrun.path"

local cases = {
  [""] = ".", ["."] = ".", ["./"] = "./", [".."] = "..", ["../"] = "../", ["/"] = "/",
  ["//"] = "/", ["///"] = "/", ["a"] = "a", ["a/"] = "a/", ["a//"] = "a/", ["./a"] = "a",
  ["a/./b"] = "a/b", ["a/../b"] = "b", ["a/.."] = ".", ["a/../"] = "./", ["a/../.."] = "..",
  ["a/../../b"] = "../b", ["../../a"] = "../../a", ["../a/../.."] = "../..",
  ["/.."] = "/", ["/../a"] = "/a", ["/a/../../b/"] = "/b/", ["//a//b//"] = "/a/b/",
  ["..."] = "...", ["a/..."] = "a/...", [".a/..b"] = ".a/..b", ["a/.b/../c."] = "a/c.",
  ["a b/\xff"] = "a b/\xff", ["/./"] = "/", ["a/b/c/../../../x"] = "x",
}
for given, want in pairs(cases) do
  local got = path.normal(given)
  assert(got == want, ("normal %q: %q, not %q"):format(given, got, want))
  assert(path.normal(got) == got) -- a normal path stays as it is
end
