-- complete.lua - what Tab adds to a line: globals, fields and methods, keywords, modules, files.
-- Looks only at what is there: it calls no metamethod of the user's, never raises and never waits.

local quote = require "procrun.repl.quote"
local vm = require "procrun.core.vm"

local M = {}

local WIDEST <const> = 200 -- candidates shown

-- The value under a name in a table or what stands behind it, without calling anything.
local function look(object, key)
  if object == vm.process then return object[key] end
  for _ = 1, 20 do
    if type(object) == "table" then
      local value = rawget(object, key)
      if value ~= nil then return value end
    end
    local meta = debug.getmetatable(object)
    local index = type(meta) == "table" and rawget(meta, "__index")
    if type(index) ~= "table" then return nil end
    object = index
  end
end

-- Methods and fields of our own objects, which stand behind __index functions of ours.
local function type_names(self, object)
  local meta = debug.getmetatable(object)
  local name = type(meta) == "table" and rawget(meta, "__name")
  local room, kind = self.types[name], nil
  if room then room, kind = room:match "^(%S+) (%S+)$" end
  local module = room and package.loaded["procrun." .. room]
  return module and module._types and module._types[kind]
end

-- What the metamethods of `process` and of its environment tell: those are ours.
local function each_of_process(object, see)
  if object == vm.process then
    local names = require "procrun.process.more".names()
    for _, key in ipairs(names) do see(key, rawget(object, key)) end
  elseif object == rawget(vm.process, "env") then
    for key, value in pairs(object) do see(key, value) end
  end
end

-- Calls see(key, value) for what the object has, and what it inherits by __index tables.
local function each(self, object, see)
  if object ~= nil then each_of_process(object, see) end
  local seen = {}
  for _ = 1, 20 do
    if type(object) == "table" and not seen[object] then
      seen[object] = true
      for key, value in next, object do see(key, value) end
    end
    local more = type_names(self, object)
    if more then
      for key, value in next, more do see(key, value) end
    end
    local meta = debug.getmetatable(object)
    local index = type(meta) == "table" and rawget(meta, "__index")
    if type(index) ~= "table" then return end
    object = index
  end
end

local function add(found, name, prefix)
  if name:sub(1, #prefix) == prefix then found[name] = true end
end

-- Globals, keywords, and the modules that come when they are named.
local function add_globals(self, found, prefix)
  each(self, self.env, function(key)
    if type(key) == "string" and key:find "^[%a_][%w_]*$" then add(found, key, prefix) end
  end)
  for word in pairs(quote.KEYWORDS) do add(found, word, prefix) end
  for _, room in ipairs(self.rooms) do add(found, room, prefix) end
end

-- Is it called, as far as one can see?
local function is_callable(value)
  if type(value) == "function" then return true end
  local meta = debug.getmetatable(value)
  return type(meta) == "table" and rawget(meta, "__call") ~= nil
end

local function add_fields(self, found, object, prefix, methods_only)
  local private = prefix:sub(1, 1) == "_"
  each(self, object, function(key, value)
    if type(key) ~= "string" or not key:find "^[%a_][%w_]*$" then return end
    if key:sub(1, 1) == "_" and not private then return end
    if methods_only and not is_callable(value) then return end
    add(found, key, prefix)
  end)
end

-- a.b["c"][1] is followed from the global on; nil where a call or anything else stands between.
local function value_of(self, chain)
  local name, rest = chain:match "^([%a_][%w_]*)(.*)$"
  if not name then return chain:find "^[\"']" and "" or nil end
  local value = look(self.env, name)
  if value == nil and self.is_room[name] and not chain:find "^_" then
    local full = "procrun." .. name
    local fine, module = pcall(require, full)
    value = fine and module or nil
  end
  while rest ~= "" and value ~= nil do
    local key, after = rest:match "^%.([%a_][%w_]*)(.*)$"
    if not key then
      local _, inner, behind = rest:match "^%[([\"'])(.-)%1%](.*)$"
      key, after = inner, behind
    end
    if not key then
      local index, behind = rest:match "^%[(%d+)%](.*)$"
      key, after = math.tointeger(tonumber(index)), behind
    end
    if key == nil then return nil end
    value, rest = look(value, key), after
  end
  return value
end

-- The names in a folder; looked at by the shell's means it would wait.
local function add_files(self, found, text)
  local dir, prefix = text:match "^(.*/)([^/]*)$"
  if not dir then dir, prefix = "", text end
  local real = dir:gsub("^~/", function() return (os.getenv "HOME" or "~") .. "/" end)
  for _, entry in ipairs(self.list(real == "" and "." or real)) do
    local hidden = entry.name:sub(1, 1) == "." and prefix:sub(1, 1) ~= "."
    if not hidden then add(found, entry.name .. (entry.dir and "/" or ""), prefix) end
  end
  return prefix
end

-- Module names: rooms, what is loaded, and the files that package.path finds.
local function add_modules(self, found, prefix)
  for _, room in ipairs(self.rooms) do
    add(found, room, prefix)
    add(found, "procrun." .. room, prefix)
  end
  for name in next, package.loaded do
    local internal = type(name) ~= "string" or name:find "^procrun%.core%."
      or name:find "^procrun%..*%." or name == "procrun.core" or name == "_G"
    if not internal then add(found, name, prefix) end
  end
  local folder = prefix:match "^(.*)%.[^.]*$"
  local inside = folder and folder:gsub("%.", "/") .. "/" or ""
  for dir, suffix in tostring(package.path):gmatch "([^;?]*)%?([^;?]*)" do
    for _, entry in ipairs(self.list(dir .. inside)) do
      local name = entry.name:match "^([%w_-]+)%.lua$"
      if suffix ~= ".lua" then name = entry.dir and entry.name or nil end
      if name then add(found, (folder and folder .. "." or "") .. name, prefix) end
    end
  end
end

-- The string that is open at the end of the line: what stands before it, its contents, its mark;
-- nil: none is.
local function open_string(line)
  local at, mark, from = 1, nil, nil
  while at <= #line do
    local c = line:sub(at, at)
    if mark and c == "\\" then
      at = at + 1
    elseif mark and c == mark then
      mark = nil
    elseif not mark and (c == '"' or c == "'") then
      mark, from = c, at
    elseif not mark and line:find("^%-%-", at) then
      return nil
    end
    at = at + 1
  end
  if mark then return line:sub(1, from - 1), line:sub(from + 1), mark end
end

-- found: set of candidates for the last part of the line; the part; what closes a sole candidate.
local function gather(self, line)
  local found = {}
  local command = line:match "^%.(%a*)$"
  if command then
    for _, name in ipairs(self.commands) do add(found, name, command) end
    return found, command, " "
  end
  local file = line:match "^%.load%s+(.*)$"
  if file then return found, add_files(self, found, file), "" end
  local before, text, mark = open_string(line)
  if before then
    if before:find "%f[%w_]require%s*%(?%s*$" then
      add_modules(self, found, text)
      return found, text, mark
    end
    return found, add_files(self, found, text), mark
  end
  local chain, sign, prefix = line:match "([%w_%.%[%]\"':]*)([.:])([%w_]*)$"
  if chain and not (sign == "." and chain:sub(-1) == ".") then
    local object = value_of(self, chain:match "[%a_\"'][%w_%.%[%]\"':]*$" or "")
    if object ~= nil then add_fields(self, found, object, prefix, sign == ":") end
    return found, prefix, ""
  end
  prefix = line:match "[%a_][%w_]*$"
  if prefix and not line:find "%d[%w_]*$" or prefix and line:match "%f[%w_][%a_][%w_]*$" then
    add_globals(self, found, prefix)
  end
  return found, prefix or "", ""
end

local function common_start(names)
  local first, last = names[1], names[#names] -- sorted: these differ most
  local n = 0
  while n < #first and first:byte(n + 1) == last:byte(n + 1) do n = n + 1 end
  while n > 0 and (first:byte(n + 1) or 0) & 0xC0 == 0x80 do n = n - 1 end
  return first:sub(1, n)
end

-- In columns, as wide as the terminal.
local function in_columns(names, width)
  local widest = 0
  for _, name in ipairs(names) do widest = math.max(widest, utf8.len(name) or #name) end
  local columns = math.max(1, width // (widest + 2))
  local rows = -(-#names // columns)
  local lines = {}
  for row = 1, rows do
    local cells = {}
    for i = row, #names, rows do
      cells[#cells + 1] = names[i] .. (" "):rep(widest + 2 - (utf8.len(names[i]) or #names[i]))
    end
    lines[row] = (table.concat(cells):gsub("%s+$", ""))
  end
  return table.concat(lines, "\r\n") .. "\r\n"
end

local function complete(self, line)
  if not line:find "%S" then return "\t" end
  local found, prefix, close = gather(self, line)
  local names = {}
  for name in pairs(found) do
    if not name:find "%c" then names[#names + 1] = name end
  end
  if #names == 0 then return nil end
  table.sort(names)
  if #names == 1 then
    local tail = names[1]:sub(-1) == "/" and "" or close
    local text = names[1]:sub(#prefix + 1) .. tail
    return text ~= "" and text or nil
  end
  local text = common_start(names):sub(#prefix + 1)
  if text ~= "" then return text end
  local more = #names - WIDEST
  if more > 0 then names = table.move(names, 1, WIDEST, 1, {}) end
  local list = in_columns(names, self.width())
  return nil, more > 0 and list .. ("… %d more\r\n"):format(more) or list
end

--- new(fields) -> complete(line up to the cursor) -> text to add | nil, list to show | nil
--- fields: env, rooms, commands, width() -> columns, list(dir) -> {{name =, dir =}, …}, types:
--- __name -> "room type"
function M.new(self)
  self.is_room = {}
  for _, room in ipairs(self.rooms) do self.is_room[room] = true end
  return function(line)
    local fine, text, list = pcall(complete, self, line)
    if fine then return text, list end
  end
end

return M
