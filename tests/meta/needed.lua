-- The executable needs no shared library but libc: each one more is paid for by every start.
-- requires: readelf
-- build: no-sanitize
local proc = require "procrun.proc"

local linked = require "procrun".config().linked
if linked == "shared" or process.platform ~= "linux" then
  print "skip: this build takes libuv and Lua from shared libraries"
  os.exit(77)
end
local dynamic = proc.run("readelf", {"-d", process.exec_path}):check().stdout
for library in dynamic:gmatch("%(NEEDED%)[^%[]*%[([^%]]*)%]") do
  assert(library:find "^libc%." or library:find "^ld%-", library .. ": see runtime/late.c")
end
assert(dynamic:find "NEEDED", dynamic)
