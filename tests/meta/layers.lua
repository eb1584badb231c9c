-- The layer picture holds, and the check that says so can fail.
local procrun, tmp = os.getenv("PROCRUN"), os.getenv("TMPDIR")

local function check(root)
  local pipe = io.popen(("'%s' scripts/check-layers.lua '%s' 2>&1"):format(procrun, root))
  local text = pipe:read("a")
  local ok, _, status = pipe:close()
  return ok and 0 or status, text
end

local status, text = check(".")
assert(status == 0, text)

-- A house with one fault a file; each has to be told, and nothing else.
local house = tmp .. "/house"
local function put(name, content)
  assert(os.execute(("mkdir -p '%s'"):format((house .. "/" .. name):match("^(.*)/"))))
  local file = assert(io.open(house .. "/" .. name, "w"))
  assert(file:write(content))
  file:close()
end

put("meson.build", "")
put("runtime/buf.h", "#include <stddef.h>\n")
put("runtime/rt.h", "#include <lua.h>\n#include \"runtime/buf.h\"\n")
put("modules/events/events.lua", "local buf = require \"procrun.events.more\"\n")
put("modules/json/json.c", "#include \"modules/modules.h\"\n#include \"runtime/json.h\"\n")
put("modules/json/json.lua", "-- require \"procrun.sh\" is only spoken of here\n"
  .. "local core = require(\"procrun.core.json\")\nlocal events = require \"procrun.events\"\n")
status, text = check(house)
assert(status == 0, text)

local faults = {
  { "runtime/lines.c", "\n#include <lua.h>\n", 2 },
  { "runtime/signame.c", "#include <uv.h>\n", 1 },
  { "runtime/buf.c", "#include \"runtime/signame.h\"\n", 1 },
  { "runtime/json.c", "#include \"runtime/handle.h\"\n", 1 },
  { "runtime/err.c", "#include \"runtime/json.h\"\n", 1 },
  { "runtime/handle.c", "#include \"modules/process/launch.h\"\n", 1 },
  { "runtime/nowhere.c", "", 1 },
  { "modules/pipe/pipe.c", "#include \"modules/tty/tty.h\"\n", 1 },
  { "modules/fs/fs.c", "#include \"runtime/run.h\"\n", 1 },
  { "modules/task/task.lua", "local x = 1\nlocal s = require \"procrun.signal\"\n", 2 },
  { "modules/stream/stream.lua", "local c = require(\"procrun.core.process\")\n", 1 },
  { "modules/timer/timer.lua", "local c = require \"procrun.nonsuch\"\n", 1 },
  { "modules/proc/proc.lua", "local e = require 'events'\n", 1 },
  { "modules/attic/attic.lua", "", 1 },
  { "src", "", 1 },
}
for _, fault in ipairs(faults) do put(fault[1], fault[2]) end
status, text = check(house)
assert(status == 1, text)
for _, fault in ipairs(faults) do
  local place = ("%s:%d: "):format(fault[1], fault[3])
  assert(("\n" .. text):find("\n" .. place, 1, true), place .. "was not told:\n" .. text)
end
local _, count = text:gsub("\n", "")
assert(count == #faults, text)
