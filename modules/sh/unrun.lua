-- unrun.lua - Commands that are made and never run: told at the end, with the line that made them.
-- Nothing is kept but a count a line.

local M = {}

local waiting = {} -- "script.lua:3" -> {how many made there have not been run, one of them as text}
local listening = false

local MOST <const> = 10 -- places that are told
local LONGEST <const> = 60 -- bytes of the text

local function report(code)
  if code ~= 0 then return end
  local places = {}
  for where in pairs(waiting) do places[#places + 1] = where end
  table.sort(places)
  for i = 1, math.min(#places, MOST) do
    local count, text = table.unpack(waiting[places[i]])
    io.stderr:write(("procrun: %s: never run%s: sh.cmd %s\n"):format(places[i],
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

--- note(command): it was made
function M.note(command)
  local where = command._where
  if not where or where:find("^stdin:") then return end
  local entry = waiting[where]
  if entry then
    entry[1] = entry[1] + 1
    return
  end
  waiting[where] = { 1, short(command._stages[1].shown) }
  if listening then return end
  listening = true
  require "procrun.process":on("exit", report)
end

--- used(command): it is run, or part of another one
function M.used(command)
  local entry = waiting[command._where]
  if rawget(command, "_used") or not entry then return end
  rawset(command, "_used", true)
  entry[1] = entry[1] - 1
  if entry[1] == 0 then waiting[command._where] = nil end
end

return M
