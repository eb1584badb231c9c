-- timeout: 300
-- Each example of the pages and the README's tour runs; a failing one is told with its place.
local procrun, tmp = os.getenv("PROCRUN"), os.getenv("TMPDIR")

local function run(pages)
  local pipe = io.popen(("'%s' scripts/run-examples.lua %s 2>&1"):format(procrun, pages))
  local text = pipe:read("a")
  local ok, _, status = pipe:close()
  return ok and 0 or status, text
end

local status, text = run("")
assert(status == 0, text)

local page = tmp .. "/page.md"
local file = assert(io.open(page, "w"))
file:write("# page\n\n```lua\n-- run\nprint(1)\n```\n\n```lua\nerror 'not marked'\n```\n\n",
  "```lua\n-- run\nlocal x = 1\nerror('boo')\n```\n")
file:close()
status, text = run(("'%s'"):format(page))
assert(status == 1, text)
assert(text:find("page.md:12: the example failed with status 1", 1, true), text)
assert(text:find("page-12.lua:15: boo", 1, true), text) -- the line of the page
assert(text:find("2 examples ran, 1 failed\n", 1, true), text)
