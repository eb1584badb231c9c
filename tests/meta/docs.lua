-- Each public function has its heading and each heading its function; the check can fail.
local procrun, tmp = os.getenv("PROCRUN"), os.getenv("TMPDIR")

local function check(root)
  local pipe = io.popen(("'%s' scripts/check-docs.lua '%s' 2>&1"):format(procrun, root))
  local text = pipe:read("a")
  local ok, _, status = pipe:close()
  return ok and 0 or status, text
end

local status, text = check(".")
assert(status == 0, text)

-- The page of events with one heading taken away and three that speak of nothing.
local page = assert(io.open("modules/events/events.md")):read("a")
local cut, found = page:gsub("### emitter:once[^\n]*\n", "")
assert(found == 1)
cut = cut:gsub("```lua", "```text") .. "\n### events.nonsuch()\n\n### emitter:nonsuch()\n\n"
  .. "### nobody:on()\n\n```text\n### events.inside_a_block()\n```\n"
local room = tmp .. "/house/modules/events"
assert(os.execute(("mkdir -p '%s'"):format(room)))
local file = assert(io.open(room .. "/events.md", "w"))
file:write(cut)
file:close()
status, text = check(tmp .. "/house")
assert(status == 1, text)
local faults = { "'### emitter:once'", "events has no nonsuch", "emitter has no method nonsuch",
  "nobody is no type", "no ```lua example" }
for _, fault in ipairs(faults) do
  assert(text:find(fault, 1, true), fault .. " was not told:\n" .. text)
end
local _, count = text:gsub("\n", "")
assert(count == #faults, text)
