-- unrun.lua - Commands that are made and never run, and handlers of sh.defer and sh.undo that no
-- <close> variable holds: told at the end, with their line. Nothing is kept but a count a line.

local M = {}

local waiting = {} -- "script.lua:3: cmd" -> {how many made there have not been run, the line, text}
local listening = false

local MOST <const> = 10 -- places that are told
local LONGEST <const> = 60 -- bytes of the text

local function report(code)
  if code ~= 0 then return end
  local places = {}
  for where in pairs(waiting) do places[#places + 1] = where end
  table.sort(places)
  for i = 1, math.min(#places, MOST) do
    local count, where, text = table.unpack(waiting[places[i]])
    io.stderr:write(("procrun: %s: never run%s: %s\n"):format(where,
      count > 1 and (" (%d of them)"):format(count) or "", text))
  end
  if #places > MOST then
    io.stderr:write(("procrun: and at %d other lines\n"):format(#places - MOST))
  end
end

local function short(text)
  text = text:gsub("%c", "?")
  return #text > LONGEST and text:sub(1, utf8.offset(text, 0, LONGEST) - 1) .. "..." or text
end

local function add(where, kind, text)
  if not where or where:find("^stdin:") then return end
  local key = where .. ": " .. kind
  local entry = waiting[key]
  if entry then
    entry[1] = entry[1] + 1
    return
  end
  waiting[key] = { 1, where, ("sh.%s %s"):format(kind, short(text)) }
  if listening then return end
  listening = true
  require "procrun.process":on("exit", report)
end

local function remove(where, kind)
  local key = where and where .. ": " .. kind
  local entry = key and waiting[key]
  if not entry then return end
  entry[1] = entry[1] - 1
  if entry[1] == 0 then waiting[key] = nil end
end

--- note(command): it was made
function M.note(command)
  add(command._where, "cmd", command._stages[1].shown)
end

--- used(command): it is run, or part of another one
function M.used(command)
  if rawget(command, "_used") then return end
  rawset(command, "_used", true)
  remove(command._where, "cmd")
end

--- opened(where, name): a handler for the end of a block was made
function M.opened(where, name)
  add(where, name, "without a variable: local _ <close> = sh." .. name .. "(...)")
end

--- closed(where, name): its block has ended
M.closed = remove

return M
