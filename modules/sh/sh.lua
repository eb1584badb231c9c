-- sh.lua - shell automation: local sh = require "sh"; sh "make"; print(sh.text "uname -r")
-- What only some scripts use is loaded by its first call.

local verbs = require "procrun.sh.verbs"

local M = verbs.new(nil)

M.Error = require "procrun.events.error"

-- name -> the module whose function of that name it is
local PARTS <const> = {
  cd = "procrun.sh.scopes", setenv = "procrun.sh.scopes", tmpdir = "procrun.sh.scopes",
  defer = "procrun.sh.scopes", undo = "procrun.sh.scopes",
  all = "procrun.sh.together", timeout = "procrun.sh.together", map = "procrun.sh.together",
  retry = "procrun.sh.retry", sleep = "procrun.task",
  need = "procrun.sh.needs", which = "procrun.sh.needs", fail = "procrun.sh.needs",
  check = "procrun.sh.needs",
  cmd = "procrun.sh.bound", data = "procrun.sh.bound", script = "procrun.sh.bound",
  bash = "procrun.sh.bound", with = "procrun.sh.bound", remote = "procrun.sh.bound",
  quote = "procrun.sh.bound", secret = "procrun.sh.bound", trace = "procrun.sh.bound",
  dry = "procrun.sh.bound",
}

for name, module in pairs(PARTS) do
  M[name] = function(...)
    local fn = require(module)[name]
    M[name] = fn
    return fn(...)
  end
end

local TYPES <const> = {
  job = "procrun.sh.job", command = "procrun.sh.command", secret = "procrun.sh.secret",
}

M._types = setmetatable({}, { __index = function(types, name)
  if not TYPES[name] then return nil end
  types[name] = require(TYPES[name]).methods
  return types[name]
end, __pairs = function(types)
  for name in pairs(TYPES) do local _ = types[name] end
  return next, types
end })

local ELSEWHERE <const> = {
  spawn = "task.spawn", clock = "timer.now", abspath = "path.absolute", exit = "os.exit",
  exec = "sh.run", sh = "sh.bash", capture = "sh.text", pipe = 'sh.run(sh.cmd "a" | "b")',
  glob = "fs.glob", env = "os.getenv, and sh.setenv", cwd = "process.cwd", mktemp = "sh.tmpdir",
}

-- A name that is not there is no program: a slip of the pen must not become one.
getmetatable(M).__index = function(_, key)
  if type(key) ~= "string" or key:sub(1, 1) == "_" then return nil end
  local other = ELSEWHERE[key]
  require "procrun.events.misuse"("there is no sh.%s (%s)", key,
    other and "it is " .. other or ("a program is run by sh.run %q"):format(key))
end

return M
