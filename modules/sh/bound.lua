-- bound.lua - what sh, sh.with and sh.remote have beside the verbs: the same functions, bound to
-- the words and options that were collected before.

local M = {}

local set_of

-- The verbs with what is collected, and all that stands here.
local function new(with)
  local set = require "procrun.sh.verbs".new(with)
  for name, fn in pairs(set_of(with)) do set[name] = fn end
  getmetatable(set).__index = function(_, key)
    require "procrun.events.misuse"("there is no '%s' here (known: %s)", tostring(key),
      require "procrun.events.names"(set))
  end
  return set
end

function set_of(with)
  local set = {}

  --- cmd(command) -> Command, not run
  function set.cmd(...) return require "procrun.sh.command".cmd(with, ...) end

  --- script(text, ...) -> Command: a bash script, not run
  function set.script(...) return require "procrun.sh.command".script("sh.script", with, ...) end

  --- bash(text, ...) -> result
  function set.bash(...)
    local script = require "procrun.sh.command".script("sh.bash", with, ...)
    return (require "procrun.sh".run(script))
  end

  --- with(table | template, ...) -> verbs
  function set.with(...) return new(require "procrun.sh.with".with(with, ...)) end

  --- remote(host, [options]) -> verbs
  function set.remote(...) return new(require "procrun.sh.remote".remote(with, ...)) end
  return set
end

for name, fn in pairs(set_of(nil)) do M[name] = fn end

--- data(bytes) -> Command
function M.data(...) return require "procrun.sh.command".data(...) end

--- secret(text) -> secret
function M.secret(...) return require "procrun.sh.secret".new(...) end

--- trace([on]) -> scope
function M.trace(...) return require "procrun.sh.switches".trace(...) end

--- dry() -> boolean
function M.dry() return require "procrun.sh.switches".is_dry() end

M.quote = require "procrun.proc.command".quote

return M
