-- ask.lua - questions that are answered by a line: confirm, prompt, password.
-- if cli.confirm "Delete it?" then … end; local name = cli.prompt("Name", {default = "me"})

local check_options = require "procrun.cli.options".check
local misuse = require "procrun.events.misuse"
local open_place = require "procrun.cli.place"

local M = {}

--- check(name, question, options, known) -> options: { default = "string", … }
function M.check(name, question, options, known)
  if type(question) ~= "string" then
    misuse("bad argument #1 to '%s' (question expected, got %s)", name, type(question))
  end
  known.timeout = "any"
  options = check_options(name, options, known)
  local time = options.timeout
  if time ~= nil and not pcall(require "procrun.core.task".seconds, time) then
    misuse("%s: timeout: time expected (seconds, or \"1.5s\"), got '%s'", name, tostring(time))
  end
  return options
end

--- timed(options, fn, …) -> fn's values | nil, "timeout", "ETIMEDOUT"
function M.timed(options, fn, ...)
  if options.timeout == nil then return fn(...) end
  return require "procrun.task".timeout(options.timeout, fn, ...)
end

--- text("Name", "me") -> "Name [me]: "; a question mark stays
function M.text(question, choice)
  local base, mark = question:match "^(.-)%s*([:?]?)%s*$"
  choice = choice and choice ~= "" and " [" .. choice .. "]" or ""
  return mark == "?" and base .. "?" .. choice .. " " or base .. choice .. ": "
end

--- answer(place, text, default) -> line | nil, message, code
-- Without a terminal the question is a line of a log, and at the end of the input the script's
-- default counts, if it has given one.
function M.answer(place, text, default)
  local line, message, code = place:ask(place.terminal and text or text:gsub("%s+$", "") .. "\n")
  if line then return line end
  if code == "EOF" and not place.terminal and default ~= nil then return "" end
  return nil, message, code
end

local ANSWERS <const> = { y = true, yes = true, n = false, no = false }

local function confirm(question, default)
  local place <close> = open_place()
  local text = M.text(question:find "[?:]%s*$" and question or question .. "?",
    default and "Y/n" or "y/N")
  while true do
    local line, message, code = M.answer(place, text, default)
    if not line then return nil, message, code end
    line = line:lower():match "^%s*(.-)%s*$"
    if line == "" then return default == true end
    if ANSWERS[line] ~= nil then return ANSWERS[line] end
    place:write "Please answer y or n.\n"
  end
end

--- confirm(question, [options]) -> true | false | nil, message, code
function M.confirm(question, options)
  options = M.check("confirm", question, options, { default = "boolean" })
  return M.timed(options, confirm, question, options.default)
end

local function prompt(question, default, validate)
  local place <close> = open_place()
  local text = M.text(question, default and tostring(default))
  while true do
    local line, message, code = M.answer(place, text, default)
    if not line then return nil, message, code end
    if line == "" and default ~= nil then return default end
    if not validate then return line end
    local value, why = validate(line)
    if value == true then return line elseif value then return value end
    place:write((why and tostring(why) or "That is not a valid answer.") .. "\n")
  end
end

--- prompt(question, [options]) -> answer | nil, message, code
function M.prompt(question, options)
  options = M.check("prompt", question, options, { default = "any", validate = "function" })
  return M.timed(options, prompt, question, options.default, options.validate)
end

local function password(question)
  local place <close> = open_place()
  if not place.terminal then
    return nil, "password: there is no terminal to ask on", "ENOTTY"
  end
  local text = M.text(question)
  place:take("hidden", function() place:write(text) end)
  place:write(text)
  return place:line()
end

--- password(question, [options]) -> answer | nil, message, code
function M.password(question, options)
  question = question == nil and "Password" or question
  options = M.check("password", question, options, {})
  return M.timed(options, password, question)
end

return M
