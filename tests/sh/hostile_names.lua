-- A command is shown so that names of somebody else's cannot tell the terminal what to do; pasted
-- into bash it is still the same. Errors of limits say which limit it was.
-- requires: bash
local check = require "tests.lib.check"
local proc = require "procrun.proc"
local sh = require "procrun.sh"

local NAME <const> = "\27]0;title\a \27[31m it's $(x) \\ \b\127\r\n\1\t\xc3\xa9\xff"

local function pasted(command)
  local script = "set -- " .. command .. [[; printf '%s' "${@: -1}"]]
  return proc.run("bash", { "-c", script }):check().stdout
end

local function is_safe(text)
  assert(not text:find("[^%C\n\t]"), ("%q"):format(text))
end

local function failure(...)
  local ok, e = pcall(...)
  assert(not ok)
  is_safe(tostring(e))
  return e
end

local e = failure(sh.run, { "false", NAME })
check.eq(pasted(e.command), NAME)
check.eq(pasted(tostring(e):match "command: (.-)\n  after"), NAME)
e = failure(sh.run, sh.cmd("false", NAME) | "cat")
check.eq(pasted(e.command:match "^(.*) | cat$"), NAME)
check.eq(pasted(tostring(sh.cmd("echo", NAME))), NAME)
check.eq(pasted(tostring(sh.cmd("echo"):to(NAME)):match "> (.*)$"), NAME)
check.eq(pasted(proc.run("false", { NAME }).command), NAME)
-- What runs is not changed.
check.eq(proc.run("echo", { NAME }, { shell = true }).stdout, NAME .. "\n")
check.eq(proc.quote "a\tb\nc", "'a\tb\nc'")
check.eq(proc.run("false", { "a\tb\nc" }).command, "false 'a\tb\nc'")

e = failure(sh.run, sh.cmd "head -c 2000000 /dev/zero" | function(line) return line end | "wc -c")
check.has(e.message, "a function met a line longer than max_line, 1048576 bytes")
check.has(e.message, "(stage 2 of 3)")
e = failure(sh.text, { "yes", max_buffer = "64K" })
check.has(e.message, "wrote more than max_buffer, 65536 bytes, and was ended")
