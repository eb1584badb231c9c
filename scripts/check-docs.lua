-- check-docs.lua [ROOT] - every public function has its heading on the room's page, and every
-- heading its function; run by procrun. Prints "file:line: what is wrong", and exits with 1 if
-- anything is.
--
-- For a room, M = require "procrun.ROOM":
--   ### room.key…      for each key of M that does not start with "_", and back
--   ### type:method…   for each key of M._types.type, and back; what events.extend put there is
--                      described on the page of events and needs no heading
--   ### type.field…    a field of such an object: not compared, but the type has to exist
--   ### event type "name"…  not compared
-- M._optional = {key = true} names fields that may be nil where this check runs, M._inherited those
-- that another page describes.

local root = arg[1] or "."
local emitter = require("procrun.events")._types.emitter

local count = 0
local function report(file, line, text, ...)
  count = count + 1
  print(("%s:%d: %s"):format(file, line, text:format(...)))
end

local function exists(file)
  local f = io.open(root .. "/" .. file)
  if f then f:close() end
  return f ~= nil
end

-- The headings of a page as { line, owner, separator, name }, and the number of its lua blocks.
local function read_page(file)
  local headings, blocks, number, in_block = {}, 0, 0, false
  for line in io.lines(root .. "/" .. file) do
    number = number + 1
    if line:match("^%s*```") then
      in_block = not in_block
      if in_block and line:match("^%s*```lua") then blocks = blocks + 1 end
    elseif not in_block then
      local owner, separator, name = line:match("^###+%s+`?([%a_][%w_]*)([.:])([%a_][%w_]*)")
      if owner then
        local heading = { line = number, owner = owner, separator = separator, name = name }
        headings[#headings + 1] = heading
      end
    end
  end
  return headings, blocks
end

-- Every heading has something it speaks of.
local function check_heading(page, room, M, types, heading)
  local owner, name = heading.owner, heading.name
  local methods = types[owner]
  if owner == room then
    local optional = M._optional and M._optional[name]
    if M[name] ~= nil or optional or methods and methods[name] ~= nil then return end
    report(page, heading.line, "%s has no %s", room, name)
  elseif not methods then
    report(page, heading.line, "%s is no type of this room: _types has no %s", owner, owner)
  elseif heading.separator == ":" and methods[name] == nil then
    report(page, heading.line, "%s has no method %s", owner, name)
  end
end

-- Everything public has a heading.
local function check_keys(page, owner, separator, keys, described)
  local missing = {}
  for key, value in pairs(keys) do
    local inherited = value == emitter[key] and owner ~= "emitter"
      or rawget(keys, "_inherited") and keys._inherited[key]
    if type(key) == "string" and key:sub(1, 1) ~= "_" and not inherited
      and not described[owner .. "." .. key] then
      missing[#missing + 1] = key
    end
  end
  table.sort(missing)
  for _, key in ipairs(missing) do
    report(page, 1, "no heading '### %s%s%s'", owner, separator, key)
  end
end

local function check_room(room)
  local page = ("modules/%s/%s.md"):format(room, room)
  local ok, M = pcall(require, "procrun." .. room)
  if not ok or type(M) ~= "table" then
    report(page, 1, "procrun.%s cannot be required: %s", room, M)
    return
  end
  if not exists(page) then
    report(page, 1, "the room has no page")
    return
  end
  local headings, blocks = read_page(page)
  local types, described = M._types or {}, {}
  for _, heading in ipairs(headings) do
    described[heading.owner .. "." .. heading.name] = true
    check_heading(page, room, M, types, heading)
  end
  check_keys(page, room, ".", M, described)
  for owner, methods in pairs(types) do check_keys(page, owner, ":", methods, described) end
  if blocks == 0 then report(page, 1, "no ```lua example") end
end

local pipe = assert(io.popen(("ls '%s/modules'"):format(root:gsub("'", "'\\''"))))
local names = pipe:read("a")
pipe:close()
local rooms = 0
for room in names:gmatch("[^\n]+") do
  local base = ("modules/%s/%s"):format(room, room)
  if exists(base .. ".lua") or exists(base .. ".md") then
    rooms = rooms + 1
    check_room(room)
  end
end
if rooms == 0 then report("modules", 1, "no rooms here") end
os.exit(count == 0)
