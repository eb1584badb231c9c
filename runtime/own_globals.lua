-- own_globals.lua - globals for the built-in modules alone, as they are now: who types `type = 1`
-- at a prompt has lost `type`, and the prompt, with all that it stands on, has not.

local hooks = package.loaded["procrun.core.vm"].hooks

if hooks.globals then return end

local own = setmetatable({}, {__index = _G})
for name, value in next, _G do own[name] = value end
for _, name in ipairs {"coroutine", "debug", "io", "math", "os", "string", "table", "utf8"} do
  if type(own[name]) == "table" then
    local library = {}
    for key, value in next, own[name] do library[key] = value end
    own[name] = library
  end
end
hooks.globals = own -- for each module that is loaded from now on (vm.c)
