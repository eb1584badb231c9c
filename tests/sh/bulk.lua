-- Much: 2 GiB through a pipeline with this process as it was; 100 MB captured; 1,000 commands.
-- timeout: 120
-- build: no-sanitize
local check = require "tests.lib.check"
local sh = require "procrun.sh"

local function memory()
  collectgarbage()
  return process.usage().rss
end

local before = memory()
check.eq(sh.text(sh.cmd "head -c 2147483648 /dev/zero" | "cat" | "wc -c"), "2147483648")
local grown = memory() - before
assert(grown < 4 << 20, grown)

check.eq(#sh.text { "head", "-c", 100000000, "/dev/zero", max_buffer = "100M" }, 100000000)
check.raises("wrote more than max_buffer", sh.text,
  { "head", "-c", 100000000, "/dev/zero" })
for i = 1, 1000 do check.eq(sh.run("true").code, 0, i) end
