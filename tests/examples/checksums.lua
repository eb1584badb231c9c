-- checksums.lua writes the checksums of a tree, and says what has changed since.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

example.need "sha256sum"
local root, manifest = check.tmp "tree", check.tmp "my sums"
assert(fs.mkdir_p(root .. "/sub"))
for i, name in ipairs(example.NAMES) do check.write(("%s/%s"):format(root, name), ("x"):rep(i)) end
check.write(root .. "/sub/deep", "")

check.has(example.run("checksums", { "-w", "-m", manifest, root }):text(), "12 files in")
proc.run("sha256sum", { "--quiet", "--strict", "-c", manifest }, { cwd = root }):check()
check.eq(example.run("checksums", { "-m", manifest, root }):check().stdout, "")

check.write(root .. "/two words", "y")
check.write(root .. "/new", "")
assert(fs.remove(root .. "/sub/deep"))
local r = example.run("checksums", { "-m", manifest, root .. "/" })
check.eq(r.code, 3)
check.eq(r.stdout, "added    new\nchanged  two words\nremoved  sub/deep\n")
check.has(r.stderr, "3 differences in 12 files")

check.eq(example.run("checksums", { "-m", manifest .. "?", root }).code, 2)
r = example.run("checksums", { "-w", "-m", root .. "/none/sums", root })
check.eq(r.code, 1)
check.lacks(r.stderr, "traceback")
