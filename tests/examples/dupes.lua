-- dupes.lua finds the files that hold the same, whatever their names, and can link them.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"

example.need "sha256sum"
local dir = check.tmp "pile"
assert(fs.mkdir_p(dir .. "/sub"))
for _, name in ipairs(example.NAMES) do check.write(dir .. "/sub/" .. name, "the same") end
check.write(dir .. "/a", "12345678") -- of the same size
check.write(dir .. "/b", "longer than that")
check.write(dir .. "/c", "longer than that")
check.write(dir .. "/empty", "")
check.write(dir .. "/empty too", "")
assert(fs.link(dir .. "/c", dir .. "/d")) -- costs nothing
assert(fs.symlink("c", dir .. "/e"))

local r = example.run("dupes", { dir })
local wasted = #"the same" * (#example.NAMES - 1)
check.eq(r:check().stdout:match "^%d+", tostring(wasted))
for _, name in ipairs(example.NAMES) do check.has(r.stdout, dir .. "/sub/" .. name .. "\n") end
check.has(r.stdout, ("\n%d\t%s/b\n\t%s/c\n"):format(#"longer than that", dir, dir))
check.lacks(r.stdout, "/a\n")
check.lacks(r.stdout, "empty")

assert(example.run("dupes", { "--link", dir }).ok)
assert(fs.same_file(dir .. "/b", dir .. "/c"))
assert(fs.same_file(dir .. "/sub/two words", dir .. "/sub/*"))
check.eq(check.read(dir .. "/sub/*"), "the same")
check.eq(example.run("dupes", { dir }):check().stdout, "")
check.matches(example.run("dupes", { "--min", 0, dir }):text(), "^0%s.*empty\n.*empty too$")
check.eq(example.run("dupes", { dir .. "/none" }).code, 2)
