-- repl.lua - a REPL on a terminal: repl.each(function(t, library) … end) runs the test with each
-- library that edits lines, and with none; repl.open(library, [options]) opens one.
local terminal = require "tests.lib.terminal"

local M = {}

M.procrun = arg[-1]

local SONAMES <const> = {readline = {"libreadline.so.8", "libreadline.so.7"},
  libedit = {"libedit.so.2", "libedit.so.0"}, none = {}}

--- has(library) -> boolean
function M.has(library)
  if library == "none" then return true end
  for _, soname in ipairs(SONAMES[library]) do
    if package.loadlib(soname, "*") then return true end
  end
  return false
end

--- open(library, [options], [env]) -> session at its first prompt
function M.open(library, options, env)
  local all = {PROCRUN_READLINE = library, PROCRUN_HISTORY = "", PROCRUN_CHECK = "1",
    TERM = "xterm", INPUTRC = "/dev/null", LC_ALL = "C.UTF-8", LUA_INIT = false}
  for name, value in pairs(env or {}) do all[name] = value end
  local t = terminal.open(("'%s' %s"):format(M.procrun, options or ""), all)
  t:expect "Ctrl-D to leave."
  t:expect "> "
  return t
end

--- each(fn, [env]): with a fresh REPL for each library; it has to leave well
function M.each(fn, env)
  for _, library in ipairs {"readline", "libedit", "none"} do
    if M.has(library) then
      local t <close> = M.open(library, nil, env)
      fn(t, library)
      t:send "\4"
      local code, text = t:finish()
      assert(code == 0, ("%s: exit code %s: %s"):format(library, code, text))
    else
      print(library .. " is not installed: not tried")
    end
  end
end

return M
