-- child.lua - adapt(): how a bundle starts itself as one of its workers.

local bundle, core = ...

local function with(variables, name, value)
  local copy = {}
  for k, v in pairs(variables or {}) do copy[k] = v end
  copy[name] = value
  return copy
end

-- adapt(script, options, launcher) -> the bundled file | nil, the program to start | nil. Where the
-- launcher is another program nothing changes.
return function(script, o, launcher)
  if launcher[#launcher] ~= bundle.path then return nil end
  o.extend_env = with(o.extend_env, "PROCRUN_BUNDLE", "script") -- bundle_map.c reads it
  local program
  if #launcher == 1 and not core.runs_from(bundle.path) then
    o.argv0 = o.argv0 or bundle.path
    program = "/proc/self/exe" -- moved, replaced or removed meanwhile: the kernel still has it
  end
  local name = bundle.name(script)
  if name and (name == "bundle" or name:sub(1, 1) == "-") then name = "./" .. name end -- a file
  return name, program
end
