-- show.lua - any value as readable text: require "procrun".inspect(value, {width = 80}) -> string.
-- It calls no metamethod but __tostring, and whatever goes wrong in there is shown, too.

local quote = require "procrun.repl.quote"
local vm = require "procrun.core.vm"

local M = {}

local DEFAULTS <const> = {depth = 5, width = 80, items = 100, text = 10000}
local ALL <const> = 3000 -- values that one call shows in all

-- Fields of our own objects that tell something; the others are of no use outside.
local FIELDS <const> = {
  ["procrun.result"] = {"code", "signal", "timed_out", "limit", "errno", "error", "stdout",
    "stderr", "seconds"},
  ["procrun.error"] = {"code", "exit_code", "signal", "path"},
}

-- What an object says of itself while it lives, in brackets.
local STATES <const> = {
  ["procrun.child"] = function(child) return child:status() end,
  ["procrun.task"] = function(task) return task:status() end,
}

local write -- forward

local function is_name(key)
  return type(key) == "string" and key:find "^[%a_][%w_]*$" and not quote.KEYWORDS[key]
end

local RANK <const> = {number = 1, string = 2, boolean = 3}

local function before(a, b)
  local x, y = RANK[type(a)] or 4, RANK[type(b)] or 4
  if x ~= y then return x < y end
  if x <= 2 then return a < b end
  return quote.plain(a) < quote.plain(b)
end

-- The metatable, also one that hides itself; and its name for the type.
local function meta_of(value)
  local meta = debug.getmetatable(value)
  if type(meta) ~= "table" then return nil end
  local name = rawget(meta, "__name")
  return meta, type(name) == "string" and quote.line(name) or nil
end

-- What __tostring says, or nil where there is none; a failure is shown in its place.
local function own_text(value, meta)
  if not meta or rawget(meta, "__tostring") == nil then return nil end
  local fine, text = pcall(tostring, value)
  if fine then return text end
  return ("<error in __tostring: %s>"):format(quote.line(quote.plain(text)))
end

local function state_of(value, name)
  local fine, state = pcall(STATES[name] or function() end, value)
  return fine and state and (" (%s)"):format(state) or ""
end

-- The pieces of a table that are shown: its array, then the other keys in order.
local function add_array(self, value, pieces, level)
  local count = rawlen(value)
  local shown = math.min(count, self.items)
  for i = 1, shown do pieces[#pieces + 1] = write(self, rawget(value, i), level) end
  if shown < count then pieces[#pieces + 1] = ("… %d more"):format(count - shown) end
  return count
end

local function add_pairs(self, value, pieces, level, keys)
  local shown = math.min(#keys, self.items)
  for i = 1, shown do
    local key = keys[i]
    local left = is_name(key) and key or "[" .. write(self, key, self.depth) .. "]"
    pieces[#pieces + 1] = left .. " = " .. write(self, rawget(value, key), level)
  end
  if shown < #keys then pieces[#pieces + 1] = ("… %d more"):format(#keys - shown) end
end

local function is_room(value)
  for _, room in ipairs(vm.rooms()) do
    if package.loaded["procrun." .. room] == value then return true end
  end
  return false
end

-- Objects and modules of ours keep what is internal behind an underscore.
local function keys_of(value, name, count)
  if FIELDS[name] then
    local keys = {}
    for _, key in ipairs(FIELDS[name]) do
      if rawget(value, key) ~= nil then keys[#keys + 1] = key end
    end
    return keys
  end
  local ours = name and name:find "^procrun%." or is_room(value)
  local keys = {}
  for key in next, value do
    local in_array = math.type(key) == "integer" and key >= 1 and key <= count
    local hidden = ours and type(key) == "string" and key:find "^_"
    if not in_array and not hidden then keys[#keys + 1] = key end
  end
  table.sort(keys, before)
  return keys
end

local function join(self, pieces, level, name)
  local head = name and name .. " " or ""
  if #pieces == 0 then return head .. "{}" end
  local line = head .. "{" .. table.concat(pieces, ", ") .. "}"
  local room = self.width - 2 * level
  local fits = (utf8.len(line) or #line) <= room and not line:find("\n", 1, true)
  if fits then return line end
  local indent = ("  "):rep(level)
  return head .. "{\n" .. indent .. "  " .. table.concat(pieces, ",\n" .. indent .. "  ") .. "\n"
    .. indent .. "}"
end

local function is_environment(value) return value == rawget(vm.process, "env") end

-- `process` and its environment find out what is in them when they are asked.
local function contents_of(value)
  if value ~= vm.process and not is_environment(value) then return value end
  local copy = {}
  for key, inner in pairs(value) do copy[key] = inner end
  return copy
end

local function write_table(self, value, level, name, untitled)
  if self.open[value] then return "<cycle>" end
  if level > 0 and is_environment(value) then return "{…}" end -- large, and nobody asked for it
  if level >= self.depth or self.left <= 0 then
    return (name and name .. " " or "") .. (next(value) == nil and "{}" or "{…}")
  end
  self.open[value] = true
  local pieces = {}
  local ours, seen = FIELDS[name], contents_of(value)
  local count = ours and 0 or add_array(self, seen, pieces, level + 1)
  add_pairs(self, seen, pieces, level + 1, keys_of(seen, name, count))
  self.open[value] = nil
  return join(self, pieces, level, not untitled and name or nil)
end

local function write_function(value)
  local info = debug.getinfo(value, "S")
  if info.what == "C" then return "<C function>" end
  return ("<function %s:%d>"):format(info.short_src, info.linedefined)
end

-- What only holds an object of the C half has nothing inside to show.
local function is_opaque(value, name)
  local inner = name and type(value) == "table" and rawget(value, "core")
  local _, inner_name = meta_of(inner)
  return inner_name and inner_name:find "^procrun%." ~= nil
end

local function write_object(self, value, level)
  local meta, name = meta_of(value)
  local kind = type(value)
  local text = own_text(value, meta)
  if text then
    text = text .. state_of(value, name)
    if not FIELDS[name] or level > 0 then return text end
    return text .. " " .. write_table(self, value, level, name, true)
  elseif kind == "table" and not is_opaque(value, name) then
    return write_table(self, value, level, name)
  elseif kind == "thread" then
    return ("<coroutine, %s>"):format(coroutine.status(value))
  end
  return ("<%s>"):format(name or quote.plain(value))
end

function write(self, value, level)
  self.left = self.left - 1
  local kind = type(value)
  if kind == "string" then return quote.string(value, self.text) end
  if kind == "number" then return quote.number(value) end
  if kind == "nil" or kind == "boolean" then return tostring(value) end
  if kind == "function" then return write_function(value) end
  return write_object(self, value, level)
end

local function check_options(options)
  if options == nil then return DEFAULTS end
  if type(options) ~= "table" then
    error(("bad argument #2 to 'inspect' (table expected, got %s)"):format(type(options)), 3)
  end
  for key, value in pairs(options) do
    if not DEFAULTS[key] then
      error(("inspect: unknown option '%s' (known: depth, items, text, width)"):format(
        tostring(key)), 3)
    elseif math.type(value) ~= "integer" and value ~= math.huge or value < 0 then
      error(("inspect: %s: a count expected, got %s"):format(key, quote.plain(value)), 3)
    end
  end
  return options
end

--- inspect(value, [options]) -> string; options: depth, width, items (shown of a table), text
--- (bytes shown of a string)
function M.inspect(value, options)
  local chosen = check_options(options)
  local self = {open = {}, left = ALL}
  for key, default in pairs(DEFAULTS) do self[key] = chosen[key] or default end
  return write(self, value, 0)
end

return M
