-- The type files say what the modules are: every public function, method, field and event of each
-- room is in modules/<room>/<room>.types.lua, with the parameters it has, and nothing else is. What
-- is public is what scripts/check-docs.lua takes for it: the module, its _types, the headings of
-- its page. Where lua-language-server is installed it reads them and the examples, too.
local types = require "tests.lib.types"

local mistakes = {}
local function complain(text, ...) mistakes[#mistakes + 1] = text:format(...) end

local function exists(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

-- Class or alias -> where it is defined; all rooms together: a type may be another room's.
local defined, used, classes = {}, {}, {}

-- Has the class, or one that it extends, this name?
local function class_has(class, name)
  local entry = class and classes[class]
  if not entry then return false end
  if entry.fields[name] or entry.functions and entry.functions[name] then return true end
  for _, parent in ipairs(entry.parents) do
    if class_has(parent, name) then return true end
  end
  return false
end

local function has(variable, name)
  return variable.fields[name] or variable.functions[name] or class_has(variable.class, name)
end

-- Does one that the class of the variable extends have it?
local function inherits(variable, name)
  local class = classes[variable.class]
  for _, parent in ipairs(class and class.parents or {}) do
    if class_has(parent, name) then return true end
  end
  return false
end

-- These take a last parameter to refuse it: a callback as Node has it.
local REFUSES_CALLBACK <const> = {
  bind = true, close = true, connect = true, finish = true, send = true,
}

-- A function of ours in Lua has as many parameters as its types, or takes any number. (Those of
-- process take themselves or not.)
local function check_params(file, owner, name, entry, value)
  local info = type(value) == "function" and debug.getinfo(value, "Su")
  if not info or info.what == "C" or owner == "process" then return end
  local count = #entry.params + (entry.separator == ":" and 1 or 0)
  local vararg = entry.params[#entry.params] == "..."
  if vararg then count = count - 1 end
  local most = info.isvararg and math.huge or info.nparams
  local least = info.nparams - (REFUSES_CALLBACK[name] and entry.separator == ":" and 1 or 0)
  if count <= most and (count >= least or vararg) and (info.isvararg or not vararg) then return end
  complain("%s:%d: %s%s%s takes %d parameters, not %d", file, entry.line, owner, entry.separator,
    name, info.nparams, count)
end

-- The names that the page of the room describes: "owner." and "owner:" -> name -> true; its text.
local function read_headings(path)
  local page = {events = {}}
  for line in io.lines(path) do
    local owner, name = line:match("^###+%s+`?([%a_][%w_]*[.:])([%a_][%w_]*)")
    if owner then
      page[owner] = page[owner] or {}
      page[owner][name] = true
    end
    page[#page + 1] = line
    page.events[#page.events + 1] = line:match('^###+%s+event [%a_]+ "([%w_]+)"')
  end
  page.text = table.concat(page, "\n")
  return page
end

-- What is there, `real`, and what the page describes, against what the types say. A field need not
-- have a heading: the page names it somewhere.
local function compare(file, owner, real, page, described, variable, optional)
  local names = {}
  for name in pairs(real) do
    local hidden = type(name) ~= "string" or name:find("^_")
    if not hidden then names[name] = true end
  end
  for name in pairs(described) do names[name] = true end
  for name in pairs(names) do
    if not has(variable, name) then complain("%s: %s.%s is missing", file, owner, name) end
  end
  for name, entry in pairs(variable.functions) do
    local value = real[name]
    local there = value ~= nil or optional[name] or described[name] or inherits(variable, name)
    if not there then
      complain("%s:%d: there is no %s.%s", file, entry.line, owner, name)
    end
    check_params(file, owner, name, entry, value)
  end
  for name, line in pairs(variable.fields) do
    local pattern = "`[^`\n]*%f[%w_]" .. name .. "%f[^%w_][^`\n]*`"
    if not names[name] and not page.text:find(pattern) then
      complain("%s:%d: there is no %s.%s", file, line, owner, name)
    end
  end
end

-- The variable for the methods of a type: that of its class, or the one of its name.
local function variable_of(parsed, room, owner)
  for name, variable in pairs(parsed.variables) do
    local class = variable.class
    if class == "procrun." .. owner or class == ("procrun.%s.%s"):format(room, owner)
      or class == nil and name == owner and name ~= parsed.module then
      return variable
    end
  end
  local variable = parsed.variables[owner]
  return owner ~= parsed.module and variable or nil
end

-- A room whose names all begin with "_" is for the others: what it has are types.
local function is_internal(M)
  for name in pairs(M) do
    if not name:find("^_") then return false end
  end
  return true
end

local function merge(...)
  local all = {}
  for _, names in ipairs {...} do
    for name in pairs(names) do all[name] = true end
  end
  return all
end

-- Does it only say more of what it extends?
local function refines(variable)
  for name in pairs(variable.functions) do
    if not inherits(variable, name) then return false end
  end
  return variable.class ~= nil
end

local function check_type(file, room, page, owner, methods, variable)
  local plain = owner ~= room and page[owner .. "."] or {}
  variable.compared = true
  compare(file, owner, methods, page, merge(page[owner .. ":"] or {}, plain), variable, {})
end

-- What takes a timeout waits, and what waits is marked.
local function check_async(file, parsed)
  for _, variable in pairs(parsed.variables) do
    for name, entry in pairs(variable.functions) do
      for _, param in ipairs(entry.params) do
        local waits = param == "timeout" or param == "expires"
        if waits and not entry.is_async then
          complain("%s:%d: %s takes a %s, and is not @async", file, entry.line, name, param)
        end
      end
    end
  end
end

local function read(file)
  local stream <close> = assert(io.open(file))
  return stream:read("a")
end

-- The events stand in an alias, of this room or of the one whose events these are, too.
local function check_events(file, page)
  local text = read(file)
  for name in text:gmatch("procrun%.[%w_]*_event") do
    local place = defined[name] or file
    text = text .. read((place:gsub(":%d+$", "")))
  end
  for _, name in ipairs(page.events) do
    if not text:find('"' .. name .. '"', 1, true) then
      complain("%s: the event %q is missing", file, name)
    end
  end
end

local function check_room(room, parsed)
  local file = ("modules/%s/%s.types.lua"):format(room, room)
  local M = require("procrun." .. room)
  local page = read_headings(("modules/%s/%s.md"):format(room, room))
  check_events(file, page)
  check_async(file, parsed)
  for owner, methods in pairs(M._types or {}) do
    local variable = variable_of(parsed, room, owner)
    if variable then
      check_type(file, room, page, owner, methods, variable)
    else
      complain("%s: there is no local %s = {} for the methods of that type", file, owner)
    end
  end
  local module = parsed.variables[parsed.module or not is_internal(M) and room]
  if module then
    module.compared = true
    compare(file, room, M, page, page[room .. "."] or {}, module, M._optional or {})
  elseif not is_internal(M) then
    complain("%s: it returns no module", file)
  end
  for name, variable in pairs(parsed.variables) do -- types that are loaded late are not listed
    local methods = not variable.compared and M._types and M._types[name]
    if methods then
      check_type(file, room, page, name, methods, variable)
    elseif not variable.compared and not refines(variable) then
      complain("%s: nothing is compared with %s", file, name)
    end
  end
end

local parsed_rooms = {}
local pipe = assert(io.popen("ls modules"))
for room in pipe:lines() do
  local base = ("modules/%s/%s"):format(room, room)
  local file = base .. ".types.lua"
  if exists(file) then
    local parsed = types.parse(file)
    parsed_rooms[room] = parsed
    for _, text in ipairs(parsed.mistakes) do mistakes[#mistakes + 1] = text end
    assert(loadfile(file, "t"))
    for name, line in pairs(parsed.defined) do defined[name] = file .. ":" .. line end
    for name, line in pairs(parsed.used) do used[name] = file .. ":" .. line end
    for name, class in pairs(parsed.classes) do classes[name] = class end
    for _, variable in pairs(parsed.variables) do
      if variable.class then classes[variable.class].functions = variable.functions end
    end
  elseif exists(base .. ".lua") then
    complain("%s.lua has no types beside it", base)
  end
end
pipe:close()
assert(parsed_rooms.proc and parsed_rooms.fs and parsed_rooms.task)

for room, parsed in pairs(parsed_rooms) do check_room(room, parsed) end
for name, place in pairs(used) do
  if not defined[name] then complain("%s: no type is called %s", place, name) end
end

-- lua-language-server: the whole tree, types and examples.
if #mistakes == 0 and os.execute("command -v lua-language-server >/dev/null") then
  local logs = os.getenv("TMPDIR") or "/tmp"
  local check <close> = assert(io.popen(([[
    lua-language-server --check=. --checklevel=Warning --configpath=.luarc.json \
      --logpath='%s/luals' 2>&1]]):format(logs)))
  local output = check:read("a")
  if not output:find("no problems found", 1, true) then complain("%s", output) end
end
table.sort(mistakes)
assert(#mistakes == 0, "\n" .. table.concat(mistakes, "\n"))
