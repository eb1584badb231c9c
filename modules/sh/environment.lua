-- environment.lua - options env and extend_env as words for a shell: {"env", "-u", "B", "A=1"}.

local misuse = require "procrun.events.misuse"

local M = {}

--- check(fname, options): what proc would check of a command that runs here
function M.check(fname, o)
  require "procrun.proc.command".environment(fname, o)
end

local function sorted(t)
  local names = {}
  for name in pairs(t) do
    if type(name) ~= "string" then misuse("env: '%s' is no name of a variable", tostring(name)) end
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

--- changes(options) -> sorted names, {name = value or false}, whether all others are removed
function M.changes(o)
  local all = {}
  for name, value in pairs(o.env or {}) do all[name] = value or nil end
  for name, value in pairs(o.extend_env or {}) do
    if o.env then all[name] = value or nil else all[name] = value end
  end
  return sorted(all), all, o.env ~= nil
end

--- words(options, [show]) -> the words of env(1) that make them; none where nothing changes. show:
--- values of secrets are ***
function M.words(o, show)
  local list, names, values, all = {}, M.changes(o)
  if not names[1] and not all then return list end
  local secret = show and package.loaded["procrun.sh.secret"]
  list[1] = "env"
  if all then list[2] = "-i" end
  for _, name in ipairs(names) do
    if not values[name] then table.move({ "-u", name }, 1, 2, #list + 1, list) end
  end
  for _, name in ipairs(names) do
    local value = values[name]
    if value then
      list[#list + 1] = name .. "=" .. (secret and secret.shown_variable(name, value) or value)
    end
  end
  return list
end

return M
