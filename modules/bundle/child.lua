-- child.lua - adapt(): how a bundle starts itself as one of its workers.

local self = require "procrun.core.self"

local bundle = ...

local function with(variables, name, value)
  local copy = {}
  for k, v in pairs(variables or {}) do copy[k] = v end
  copy[name] = value
  return copy
end

-- By way of env: sudo and ssh do not hand on what is in ours, and without the variable it would be
-- the program that runs, and starts its workers, without an end.
local function behind(launcher)
  local words = table.move(launcher, 1, #launcher - 1, 1, {})
  return table.move({"env", "PROCRUN_BUNDLE=script", bundle.path}, 1, 3, #words + 1, words)
end

-- adapt(script, options, launcher) -> the bundled file | nil, launcher. Nothing changes where it is
-- another program that is started. bundle_map.c reads the variable.
return function(script, o, launcher)
  if launcher[#launcher] ~= bundle.path then return nil, launcher end
  if #launcher > 1 then
    launcher = behind(launcher)
  else
    o.extend_env = with(o.extend_env, "PROCRUN_BUNDLE", "script")
    if not self.runs_from(bundle.path) then
      o.argv0 = o.argv0 or bundle.path
      launcher = {"/proc/self/exe"} -- moved, replaced or removed meanwhile: the kernel still has it
    end
  end
  local name = bundle.name(script)
  if name and (name == "bundle" or name:sub(1, 1) == "-") then name = "./" .. name end -- a file
  return name, launcher
end
