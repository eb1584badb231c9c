-- lua_differences.lua - where the official test suite of Lua meets what procrun does on purpose:
-- the file, the text in it that is changed before procrun runs it, and why. lua_suite.lua checks
-- that each is needed still. `find` and `put` are patterns of gsub; `times`: how often it stands
-- there; `both`: it is changed for lua5.4, too.

local BINARY = "a binary chunk can crash the interpreter: load and loadfile take text alone, " ..
  "unless the mode says 'b'"
local BODY = "the function of a coroutine runs in a protected call of ours, so that its <close> " ..
  "handlers may wait when an error or a cancel ends it: hooks and debug.getinfo see that call"
local SCRIPT_DIR = "require looks into the script's own folder before package.path, and says so"

-- On the first line, so that the others keep their numbers.
local TAKE_BINARY = [[local load = function(c, n, m, ...) return load(c, n, m or "bt", ...) end ]]
local TAKE_BINARY_FILES =
  [[local loadfile = function(f, m, ...) return loadfile(f, m or "bt", ...) end ]]

return {
  {file = "all.lua", find = "load%(b%)", put = 'load(b, nil, "b")', why = BINARY},
  {file = "attrib.lua", find = "no field package%.preload%['XXX'%]\n",
    put = "%0\tno file './XXX.lua'\n\tno file './XXX/init.lua'\n", why = SCRIPT_DIR},
  {file = "calls.lua", find = "^", put = TAKE_BINARY, why = BINARY},
  {file = "coroutine.lua", find = 'correcttrace = {(.-)}',
    put = 'correcttrace = {"call", %1, "return"}', why = BODY},
  {file = "db.lua", find = "assert%(not debug%.getinfo%(co, 2%)%)",
    put = "assert(debug.getinfo(co, 2).what == 'C')", why = BODY},
  {file = "db.lua", find = "load%(string%.dump(%b())%)", put = 'load(string.dump%1, "", "b")',
    times = 3, why = BINARY},
  {file = "db.lua", find = "load%(c%)", put = 'load(c, "", "b")', times = 2, why = BINARY},
  {file = "errors.lua", find = "^", put = TAKE_BINARY, why = BINARY},
  {file = "files.lua", find = "^", put = TAKE_BINARY_FILES, why = BINARY},
  {file = "main.lua", find = "debug%.getinfo%(4%)%.currentline", put = "6",
    why = "an error object is asked for its text when its task is gone: until then one who " ..
      "waits for the task may take it"},
  {file = "main.lua", find = 'NoRun%(progname %.%. ": 6\\n"', put = [[NoRun("procrun: 6\n"]],
    why = "messages begin with 'procrun:', however it was called"},
  {file = "main.lua", find = "PUC%%%-Rio\\n", put = "Lua 5.4.%%d%%)\\n",
    why = "-v tells the versions of procrun, libuv and Lua"},
  {file = "main.lua", find = "assert%(err == nil%)",
    put = "assert(tostring(err):find 'cancelled')",
    why = "os.exit cancels the task that calls it, and <close> handlers are told so"},
  {file = "main.lua", find = "print%('testing Ctrl C'%)\ndo\n", both = true,
    put = "do return end %0",
    why = "an interrupt is a cancel, which pcall does not catch, and is ignored where the shell " ..
      "has it ignored (not tried: what it starts would run for ever)"},
}
