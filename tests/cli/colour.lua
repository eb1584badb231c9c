-- Coloured text: nested, over lines, and only where the environment and the target allow it.
local check = require "tests.lib.check"
local cli = require "procrun.cli"
local eq = check.eq

-- Forced on and off.
local on, off = cli.colour(true), cli.colour(false)
eq(on.on, true)
eq(off.on, false)
eq(on.red "x", "\27[31mx\27[39m")
eq(off.red "x", "x")
eq(on.red "", "")
eq(on.bold(12), "\27[1m12\27[22m")
eq(on.green(nil), "\27[32mnil\27[39m")
eq(off.green(nil), "nil")
eq(on.red("a" .. on.blue "b" .. "c"), "\27[31ma\27[34mb\27[39m\27[31mc\27[39m")
eq(on.bold("a" .. on.dim "b" .. "c"), "\27[1ma\27[2mb\27[22m\27[1mc\27[22m")
eq(on.red("a\nb"), "\27[31ma\27[39m\n\27[31mb\27[39m")
eq(select("#", on.red(("x"):gsub("x", "y"))), 1)
eq(select("#", on.red "a\nb"), 1)
eq(cli.strip(on.red("a" .. on.bold "b")), "ab")

-- What decides, in a process of its own: standard output is no terminal there.
local SCRIPT <const> = [[
local cli = require "cli"
print(cli.red "x" ~= "x", cli.colour(io.stderr).on, require "tty".has_colour())]]
local function told(env)
  local clean = "env -u NO_COLOR -u FORCE_COLOR -u CLICOLOR -u CLICOLOR_FORCE TERM=xterm "
  local file = check.write(check.tmp "colour.lua", SCRIPT)
  local pipe <close> = assert(io.popen(("%s %s '%s' '%s' 2>&1"):format(clean, env,
    os.getenv "PROCRUN", file)))
  return (pipe:read "a":gsub("%s+", " "))
end
eq(told "", "false false false ")
eq(told "FORCE_COLOR=1", "true true true ")
eq(told "CLICOLOR_FORCE=1", "true true true ")
eq(told "FORCE_COLOR=1 NO_COLOR=1", "false false false ")
eq(told "FORCE_COLOR=1 NO_COLOR=", "true true true ")
eq(told "FORCE_COLOR=0", "false false false ")
eq(told "FORCE_COLOR= CLICOLOR_FORCE=0", "false false false ")

-- On a terminal.
local terminal = require "tests.lib.terminal"
local function on_terminal(env)
  local file = check.write(check.tmp "colour.lua", SCRIPT)
  local text = terminal.run(("env -u NO_COLOR -u FORCE_COLOR %s '%s' '%s'"):format(env,
    os.getenv "PROCRUN", file))
  return text:match "(%a+)%s+(%a+)%s+(%a+)%s*$"
end
eq(on_terminal "TERM=xterm", "true")
eq(on_terminal "TERM=dumb", "false")
eq(on_terminal "TERM=xterm NO_COLOR=1", "false")
eq(on_terminal "TERM=xterm CLICOLOR=0", "false")

-- The environment is asked anew.
process.env.FORCE_COLOR, process.env.NO_COLOR = "1", nil
eq(cli.red "x", "\27[31mx\27[39m")
process.env.NO_COLOR = "1"
eq(cli.red "x", "x")

check.raises("it is called 'colour' here", function() return cli.color end)
check.raises("it is called 'grey' here", function() return cli.gray "x" end)
check.raises("bad argument #1 to 'has_colour'", function() cli.colour {} end)
