-- log.lua - what a script tells about its work, on standard error: cli.log("%d files", n),
-- cli.log.warn("no %s", name, {host = "a"}). Whole lines only; any bytes may be in them.

local misuse = require "procrun.events.misuse"
local visible = require "procrun.cli.visible"

local LEVELS <const> = { debug = 1, info = 2, warn = 3, error = 4, off = 5 }
local NAMES <const> = { "debug", "info", "warn", "error" }
local MARKS <const> = {
  debug = { "debug: ", "dim" }, info = { "" },
  warn = { "warning: ", "yellow" }, error = { "error: ", "red" },
}
local OPTIONS <const> = { level = true, time = true, json = true }

local log, meta = {}, {}
local settings = { time = false, json = false }

local function level_of(name) return type(name) == "string" and LEVELS[name:lower()] or nil end

-- What the script has said, else the environment.
local function threshold()
  return settings.level or level_of(os.getenv "LOG_LEVEL") or LEVELS.info
end

-- A table at the end that is no value to be shown by %s: fields.
local function take_fields(n, ...)
  local last = n > 0 and select(n, ...)
  if type(last) ~= "table" then return nil, n end
  local class = getmetatable(last)
  if class and (class.__tostring or class.__name) then return nil, n end
  return last, n - 1
end

local function message_of(format, n, ...)
  if n == 0 then return tostring(format) end
  local ok, text = pcall(string.format, format, table.unpack({ ... }, 1, n))
  if ok then return text end
  misuse("log: %s in %q", (tostring(text):gsub(" to '[%w.]*format'", "", 1)), tostring(format))
end

local function sorted_keys(fields)
  local keys = {}
  for key in pairs(fields) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  return keys
end

-- key=value, quoted where it could be misread.
local function fields_text(fields)
  local parts = {}
  for _, key in ipairs(sorted_keys(fields)) do
    local value = tostring(fields[key])
    if value == "" or value:find '[%s"=%c]' then
      value = '"' .. value:gsub('["\\]', "\\%0") .. '"'
    end
    parts[#parts + 1] = visible(tostring(key), false):gsub("[%s=]", "_") .. "="
      .. visible(value, false)
  end
  return table.concat(parts, " ")
end

-- The lines of a message but the first are indented: none can be taken for another message.
local function indent(text, on)
  if not text:find("\n", 1, true) then return visible(text, on) end
  local lines = {}
  for line in (text:gsub("\n$", "") .. "\n"):gmatch "([^\n]*)\n" do
    lines[#lines + 1] = visible(line, on)
  end
  return table.concat(lines, "\n    ")
end

local function plain_line(name, message, fields)
  local colour = require "procrun.cli.colour".colour(io.stderr)
  local mark, paint = MARKS[name][1], MARKS[name][2]
  local text = indent(message, colour.on)
  if paint then mark = colour[paint](mark:sub(1, -2)) .. " " end
  if fields and next(fields) ~= nil then text = text .. " " .. colour.dim(fields_text(fields)) end
  if settings.time then
    mark = colour.dim(os.date "%Y-%m-%d %H:%M:%S") .. " " .. mark
  end
  return mark .. text .. "\n"
end

-- JSON is UTF-8: other bytes are shown as \xff.
local function json_text(value)
  if utf8.len(value) then return value end
  return (value:gsub("[^\n]+", function(line) return visible(line, false) end))
end

local function json_value(value)
  local kind = type(value)
  if kind == "string" then return json_text(value) end
  if math.type(value) == "integer" or kind == "boolean" then return value end
  if kind == "number" and value - value == 0 then return value end
  return json_text(tostring(value))
end

local function json_line(name, message, fields)
  local json = require "procrun.json"
  local parts = {
    os.date '!"time":"%Y-%m-%dT%H:%M:%SZ"',
    ('"level":"%s"'):format(name),
    '"message":' .. json.encode(json_text(require "procrun.tty".strip(message))),
  }
  for _, key in ipairs(fields and sorted_keys(fields) or {}) do
    local text = json_text(tostring(key))
    if text == "time" or text == "level" or text == "message" then text = text .. "_" end
    parts[#parts + 1] = json.encode(text) .. ":" .. json.encode(json_value(fields[key]))
  end
  return "{" .. table.concat(parts, ",") .. "}\n"
end

local function write(name, format, ...)
  if LEVELS[name] < threshold() then return end
  local fields, n = take_fields(select("#", ...), ...)
  local message = message_of(format, n, ...)
  local line = settings.json and json_line or plain_line
  io.stderr:write(line(name, message, fields))
end

for _, name in ipairs(NAMES) do
  log[name] = function(...)
    if select("#", ...) == 0 then misuse("log.%s: no message", name) end
    write(name, ...)
  end
end

function meta:__call(...)
  if select("#", ...) == 0 then misuse "log: no message" end
  write("info", ...)
end

function meta.__index(_, key)
  if key == "warning" then misuse "cli.log.warning: it is called 'warn' here" end
  return nil
end

local function check_level(fname, name)
  local level = level_of(name)
  if level then return level end
  misuse("%s: level: one of debug, info, warn, error, off expected, got %s", fname,
    type(name) == "string" and ("'%s'"):format(name) or type(name))
end

--- log.configure{level = "debug", time = true, json = true}
function log.configure(options)
  if type(options) ~= "table" then
    misuse("log.configure: table expected, got %s", type(options))
  end
  for key, value in pairs(options) do
    if not OPTIONS[key] then misuse("log.configure: unknown option '%s'", tostring(key)) end
    if key ~= "level" and type(value) ~= "boolean" then
      misuse("log.configure: %s: true or false expected, got %s", key, type(value))
    end
  end
  local level = options.level ~= nil and check_level("log.configure", options.level)
  for key, value in pairs(options) do settings[key] = value end
  if level then settings.level = level end
end

--- log.enabled(level) -> boolean
function log.enabled(name) return check_level("log.enabled", name) >= threshold() end

return { log = setmetatable(log, meta) }
