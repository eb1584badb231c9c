-- recompress.lua turns each .gz into a file that holds the same, with its time and mode; what is
-- damaged or in the way stays as it was.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

example.need("gzip", "zstd", "xz", "sha256sum")
local dir = check.tmp "logs"
assert(fs.mkdir_p(dir .. "/sub"))
local function gz(name, text)
  check.write(dir .. "/" .. name, text)
  proc.run("gzip", { "-n", "--", name }, { cwd = dir }):check()
  assert(fs.chmod(dir .. "/" .. name .. ".gz", "640"))
  assert(fs.utime(dir .. "/" .. name .. ".gz", 1e9, 1e9))
end
for i, name in ipairs(example.NAMES) do gz(name, ("line " .. i .. "\n"):rep(1000)) end
gz("sub/deep", "")

local r = example.run("recompress", { dir })
assert(r.ok, r.stderr)
check.has(r.stdout, "12 files, ")
check.eq(#fs.glob("**/*.gz", { cwd = dir, dot = true }), 0)
for i, name in ipairs(example.NAMES) do
  local new = dir .. "/" .. name .. ".zst"
  check.eq(proc.run("zstd", { "-dcq", "--", new }):check().stdout, ("line " .. i .. "\n"):rep(1000))
  local st = assert(fs.stat(new))
  check.eq(st.mode, 416)
  check.eq(st.mtime, 1e9)
end

gz("whole", "whole\n")
gz("torn", ("torn\n"):rep(10000))
assert(fs.truncate(dir .. "/torn.gz", 40))
gz("there", "there\n")
check.write(dir .. "/there.xz", "mine")
r = example.run("recompress", { "--to", "xz", "--keep", dir })
check.eq(r.code, 1)
check.has(r.stderr, "2 of 3 files stay as they were")
check.has(r.stderr, "torn.gz")
check.eq(proc.run("xz", { "-dc", dir .. "/whole.xz" }):check().stdout, "whole\n")
assert(fs.exists(dir .. "/whole.gz") and fs.exists(dir .. "/torn.gz"))
check.eq(check.read(dir .. "/there.xz"), "mine")
check.eq(#fs.glob("**/*.part", { cwd = dir, dot = true }), 0)
assert(not fs.exists(dir .. "/torn.xz"))
