-- What people write in a usage text as docopt, argparse and clap have it means the same here, or is
-- refused; no default, range or operand is lost without a word.
local arguments = require "tests.lib.arguments"
local cases, wrong = arguments.cases, arguments.wrong

for _, options in ipairs {"[OPTIONS]", "[options]", "[OPTION]...", "[OPTION...]", "[Options]"} do
  cases("usage: x " .. options .. " [FILE]...\n  -v  text", {
    {"-v a b", v = true, file = {"a", "b"}, only = true},
  })
end

-- The usage line goes on.
cases("usage: x [-v]\n         <src> DST\n  -v  text", {{"-v a b", v = true, src = "a", dst = "b"}})
cases("usage: x <src>\n  <src>  text (0..9)", {{"3", src = 3}})
wrong("Usage: x <a>\nUsage: x --list", "line 2 of the usage text: a second usage line")
wrong("usage: x N [N ...]", "<N> is there twice; one or more of them are <N>...")

-- Operands described without <>.
cases("usage: x [<out>] [LEVEL]\n\npositional arguments:\n  out    where to (default -)\n"
  .. "  level  how much (1..9, default 3)", {
  {"", out = "-", level = 3}, {"a 0", "whole number from 1 to 9"},
})

local function described(text, expected)
  cases("usage: x\n  --value VALUE  text " .. text, {{"", value = expected}})
end
described("(Default: 4)", 4)
described("[default: 4]", 4)
described("[default 4]", 4)
described("[default: 4] and prose [as here]", 4)
described("(rot|grün, default grün)", "grün")
described("(a | b, default b)", "b")
described("(1 .. 9, default 3)", 3)
described('(default "1.10")', "1.10")
described("(default 0755)", "0755")
described("(default ',')", ",")
described("(see x(1), or the default)", nil)
described("(a, b or c) [as you like]", nil)
described("\n\n                 in another paragraph (default 4)", 4)
cases("usage: x\n  -v  text\n\n      -w  text\n", {{"-vw", v = true, w = true}})

local function refused(text, message) wrong("usage: x\n  --value VALUE  text " .. text, message) end
refused("(1-64, default 8)", "'1-64' in (1-64, default 8) is not understood")
refused("(1-64)", "'1-64' in (1-64) is not understood")
refused("(1...64)", "'1...64' in")
refused("(9..1)", "nothing is in (9..1)")
refused("(optional, default 4)", "'optional' in (optional, default 4) is not understood")
refused("(default)", "'default' in (default) is not understood")
refused("(defaults to 4)", "'defaults to 4' in")
refused("[env: A, B]", "'B' in [env: A, B]")
refused("(+|=)", "'+|=' in (+|=)")
refused("(of many (default 4))", "'of many (default 4)' in")
refused("(default 4", "the bracket of '(default 4' is not closed")
refused('(default "a)b")', "the quote is not closed, or there is a bracket in it")

for _, title in ipairs {"Subcommands:", "The commands are:", "available commands:"} do
  wrong("usage: x <command>\n\n" .. title .. "\n  add  text", "line 3 of the usage text: the sec")
end
