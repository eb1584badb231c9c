-- dirname, basename, extension, stem and split: p = {dirname, basename, extension}, as in Node.
local path = require "procrun.path"

local cases = {
  [""] = { ".", "", "" }, ["."] = { ".", ".", "" }, [".."] = { ".", "..", "" },
  ["..."] = { ".", "...", "." }, ["/"] = { "/", "", "" }, ["//"] = { "/", "", "" },
  ["///"] = { "/", "", "" }, ["a"] = { ".", "a", "" }, ["a/"] = { ".", "a", "" },
  ["/a"] = { "/", "a", "" }, ["//a"] = { "//", "a", "" }, ["///a"] = { "//", "a", "" },
  ["/a/"] = { "/", "a", "" }, ["a/b"] = { "a", "b", "" }, ["a//b"] = { "a/", "b", "" },
  ["/a/b//"] = { "/a", "b", "" }, ["../a"] = { "..", "a", "" }, ["a/.."] = { "a", "..", "" },
  [".profile"] = { ".", ".profile", "" }, ["x/.profile"] = { "x", ".profile", "" },
  ["a.lua"] = { ".", "a.lua", ".lua" }, ["a.tar.gz"] = { ".", "a.tar.gz", ".gz" },
  ["a."] = { ".", "a.", "." }, ["a.."] = { ".", "a..", "." }, ["..a"] = { ".", "..a", ".a" },
  [".a.b"] = { ".", ".a.b", ".b" }, ["a.b/c"] = { "a.b", "c", "" },
  ["a.b/"] = { ".", "a.b", ".b" }, ["/x.y/.z"] = { "/x.y", ".z", "" },
}
for p, want in pairs(cases) do
  local dir, base, ext = table.unpack(want)
  assert(path.dirname(p) == dir, p .. " dirname " .. path.dirname(p))
  assert(path.basename(p) == base, p .. " basename " .. path.basename(p))
  assert(path.extension(p) == ext, p .. " extension " .. path.extension(p))
  assert(path.stem(p) .. ext == base, p .. " stem " .. path.stem(p))
  local d, n = path.split(p)
  assert(d == dir and n == base)
end

-- basename with an extension to take off.
assert(path.basename("x/a.lua", ".lua") == "a" and path.basename("x/a.lua/", "lua") == "a.")
assert(path.basename("a.lua", ".c") == "a.lua" and path.basename("a.lua", "") == "a.lua")
assert(path.basename("x/.lua", ".lua") == ".lua") -- the whole name is not an extension
assert(path.basename(".lua", ".lua") == "") -- but Node drops an argument equal to it
assert(path.basename("x/a", "x/a/b") == "a")

-- A long path takes time in proportion to its length: squared, this would run for hours.
local long = ("a"):rep(1 << 20) .. ("/"):rep(1 << 20)
assert(#path.basename(long) == 1 << 20 and path.dirname(long) == "." and path.extension(long) == "")
assert(#path.normal(("/"):rep(1 << 20) .. "a") == 2)
