-- The tool that embeds Lua files: same bytes each time, and a syntax error names file and line.
local tmp = os.getenv("TMPDIR")
local embed = os.getenv("PROCRUN_RUNNER"):gsub("[^/]+$", "") .. "embed"

local function put(name, text)
  assert(os.execute(("mkdir -p '%s'"):format((tmp .. "/" .. name):match("^(.*)/"))))
  local file = assert(io.open(tmp .. "/" .. name, "w"))
  file:write(text)
  file:close()
end

local function run(out, arguments)
  local pipe = io.popen(("'%s' -C '%s' '%s/%s' %s 2>&1"):format(embed, tmp, tmp, out, arguments))
  local text = pipe:read("a")
  local ok, _, status = pipe:close()
  return ok and 0 or status, text
end

local function get(name)
  local file = io.open(tmp .. "/" .. name, "rb")
  return file and file:read("a"), file and file:close()
end

put("modules/b/b.lua", [[
local kept, unkept = {1 << 40, 0.5, true, nil, "short", ("long"):rep(20)}, {"b"}
return function(parameter)
  unkept[1] = parameter and kept
  error('boo')
end
]])
put("modules/a/a.lua", "return 'a'\n")
local both = "procrun.b=modules/b/b.lua procrun.a=modules/a/a.lua"
assert(run("one.c", both) == 0)
assert(run("two.c", both) == 0)
local text = get("one.c")
assert(text == get("two.c"), "the same files gave different bytes")
assert(text:find("embedded_count = 2;", 1, true))
assert(text:find('"procrun.a"', 1, true) < text:find('"procrun.b"', 1, true), "not sorted by name")

-- The chunk itself: its name and its lines are what a traceback shows.
local bytes = {}
for byte in text:match("modules/b/b.lua %*/.-{(.-)}"):gmatch("%d+") do
  bytes[#bytes + 1] = string.char(math.tointeger(byte))
end
local chunk = table.concat(bytes)
local _, message = pcall(assert(load(chunk, "x", "b"))())
assert(message == "procrun:b/b.lua:4: boo", message)
assert(not chunk:find "kept" and not chunk:find "parameter", "the names of locals cost memory")

put("modules/c/c.lua", "local x = 1\nlocal y = = 2\n")
local status, why = run("three.c", both .. " procrun.c=modules/c/c.lua")
assert(status == 1 and why:find("^modules/c/c%.lua:2: "), why)
assert(not get("three.c"), "a failed run left a file behind")
status, why = run("three.c", both .. " procrun.a=modules/a/a.lua")
assert(status == 1 and why:find("procrun.a: given twice", 1, true), why)
status, why = run("three.c", "procrun.n=modules/none.lua")
assert(status == 1 and why:find("No such file", 1, true), why)
