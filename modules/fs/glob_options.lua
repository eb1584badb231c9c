-- glob_options.lua - patterns in the arguments of glob, walk and watch: lists, and compiled ones.

local check = require "procrun.fs.check"
local pattern = require "procrun.fs.glob_pattern"

local M = {}

local TOO_MANY <const> = "the braces of '%s' stand for more than 16384 patterns"

-- A pattern or a list of them, as a list; `what` names it in errors: "argument #1 to 'glob'".
local function list_of(value, what)
  local list = type(value) == "table" and value or { value }
  for key, each in pairs(list) do
    if type(each) ~= "string" or math.type(key) ~= "integer" then
      check.misuse("bad %s (pattern or list of patterns expected, got %s)", what,
        type(value) == "table" and ("a %s in it"):format(type(each)) or type(value))
    elseif each:find("\0", 1, true) then
      check.misuse("bad %s (pattern contains a NUL byte)", what)
    end
  end
  if type(value) ~= "table" and type(value) ~= "string" then
    check.misuse("bad %s (pattern or list of patterns expected, got %s)", what, type(value))
  end
  return list
end

local function compiled(compile, value, options, what)
  local spec, kinds = compile(list_of(value, what), options)
  if not spec then check.misuse("bad " .. what .. " (" .. TOO_MANY .. ")", kinds) end
  return spec, kinds
end

--- patterns(index, name, value, options) -> spec, {absolute =, relative =}
function M.patterns(index, name, value, options)
  return compiled(pattern.compile, value, options, ("argument #%d to '%s'"):format(index, name))
end

--- ignored(index, name, key, value, options) -> spec | nil; value: that of an option, or nil
function M.ignored(index, name, key, value, options)
  if value == nil then return nil end
  local what = ("argument #%d to '%s': option '%s'"):format(index, name, key)
  return (compiled(pattern.compile_ignored, value, options, what))
end

local MATCH <const> = { dot = "boolean", nocase = "boolean" }

--- check_match(options) -> options; those of path.match
function M.check_match(options)
  return check.options(3, "match", options, MATCH)
end

--- to_match(value, options) -> spec; what path.match is called with
function M.to_match(value, options)
  return (M.patterns(2, "match", value, options))
end

local KINDS <const> = { file = true, directory = true, link = true }

--- only(index, name, value, links) -> value; links: is "link" a kind?
function M.only(index, name, value, links)
  if value == nil or KINDS[value] and (links or value ~= "link") then return value end
  check.misuse("bad argument #%d to '%s' (option 'only': \"file\"%s or \"directory\" expected, got "
    .. "'%s')", index, name, links and ", \"link\"" or "", value)
end

return M
