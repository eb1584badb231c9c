-- What a usage text says wrongly is refused, with the line it stands on; prose is left alone.
local arguments = require "tests.lib.arguments"
local check = require "tests.lib.check"
local cli = require "procrun.cli"
local wrong = arguments.wrong

wrong("", "no line 'usage: NAME ...'")
wrong("  -j  jobs", "no line 'usage: NAME ...'")
wrong("usage:", "no line 'usage: NAME ...'")
wrong("usage: [options]", "line 1 of the usage text: behind 'usage:' stands the name")
wrong("usage: x <a> | <b>", "'|' stands only between the choices")
wrong("usage: x [-a | -b]", "'|' stands only between the choices")
wrong("usage: x (-a)", "what is '(-a)'")
wrong("usage: x <a> file", "what is 'file'? An operand is written <file>")
wrong("usage: x [<a>", "a '[' without its ']'")
wrong("usage: x <a>]", "a ']' without its '['")
wrong("usage: x ...", "what may be repeated")
wrong("usage: x [<a> <b>]...", "what may be repeated")
wrong("usage: x <>", "'<>' is no name of an operand")
wrong("usage: x <1>", "'<1>' is no name of an operand")
wrong("usage: x <on|off>", "'<on|off>': an operand has a name")
wrong("usage: x -- <a>", "'--' stands in brackets")
wrong("usage: x <a> <a>", "<a> is there twice; one or more of them are <a>...")
wrong("usage: x <a-b> <a_b>", "would both be opt.a_b")
wrong("usage: x <a>... <b>...", "<a> and <b> may both be repeated")
wrong("usage: x <a>... [<b>]", "<b> stands behind <a>, which takes all that comes")
wrong("usage: x [<a>...] <b>", "<b> stands behind <a>, which takes all that comes")
wrong("usage: x [<a>] <b>...", "<a> stands before <b>: with two arguments nobody knows")
wrong("usage: x <a>\n       x <b>", "line 2 of the usage text: a second usage line")
wrong("usage: x -v", "-v takes no value: it cannot be required")

local function option(line, message) wrong("usage: x\n\n  " .. line, message) end
option("-j, --jobs N text", "line 3 of the usage text: 'text' is not understood; two blanks")
option("--json machine readable", "'machine' is no name of a value")
option("-jobs  jobs", "'-jobs': a long option has two dashes")
option("-jN  jobs", "'-jN': a long option has two dashes")
option("-j N, --jobs M  jobs", "the value is called 'N' and 'M'")
option("--  nothing", "'--' is no option")
option("---x  nothing", "'---x' is no option")
option("-j, jobs  text", "', jobs' is not understood")
option("--[no-]jobs N  text", "--jobs takes a value, so it has no --no-")
option("-f FILE (default x)", "'(default x)' is not understood; two blanks")
option("-v  text (default yes)", "-v takes no value, so there is no default 'yes'")
option("--v  (default yes)", "only --[no-]v is on or off")
option("--[no-]v  (default often)", "there is no default 'often'")
option("-v  text (a|b)", "-v takes no value")
option("-v  text (1..2)", "-v takes no value")
option("-v  text (required)", "-v takes no value: it cannot be required")
option("-j N  (default many)", "default 'many' of -j: whole number expected, got 'many'")
option("-j N  (1..4, default 5)", "default '5' of -j: whole number from 1 to 4 expected")
option("-t TIME  (default soon)", "default 'soon' of -t: time such as")
option("-f a|b  (default c)", "default 'c' of -f: a|b expected, got 'c'")
option("-f FILE  (default the first one)", "a default of several words stands in quotes")
option("-f FILE  (default a, if there is one)", "'if there is one' in (default a, if there is one)")
option("-f FILE  (required, default a)", "-f is required, so its default is never used")
option("-j[=N]  text", "only a long option's value may be missing")
option("-a  one\n  -a  two", "line 4 of the usage text: -a is there twice")
option("-a, --all  one\n  -b, --all  two", "line 4 of the usage text: --all is there twice")
option("--a-b  one\n  --a_b  two", "--a-b and --a_b would both be opt.a_b")
option("<x>  text", "<x> is not in the usage line")
wrong("usage: x <a>\n  <a>  b\n  <a>  c", "line 3 of the usage text: <a> is there twice")
wrong("usage: x <a>\n  <a> text", "two blanks stand before the description")
wrong("usage: x <a>\n  --a", "<a> and --a would both be opt.a")
wrong("usage: x <a>\n  <a>  (default 3)", "<a> has a default: in the usage line it stands in")
wrong("usage: x [-o FILE]\n  -o  text", "-o takes a value here or in the usage line")
wrong("usage: x [options]\n  --version  text", "a line 'version 1.2' has to say which")

local function commands(lines, message)
  wrong("usage: x [options] <command>\n  -v  text\n\ncommands:\n" .. lines, message)
end
commands("  add <a>  text\n  add  text", "line 6 of the usage text: command 'add' is there twice")
commands("  add, ls  text\n  ls  text", "command 'ls' is there twice")
commands("  <a>  text", "the name of a command is expected, not '<a>'")
commands("  add text", "what is 'text'?")
commands("  add  text\n    -v  text", "-v is there twice")
commands("  add <v>", "-v and <v> would both be opt.v")
commands("  add <command>", "<command> and <command> would both be opt.command")
wrong("usage: x <a>\ncommands:\n  add  text", "<command> is to be the first operand")

-- How far a description goes.
arguments.cases([[
usage: x [options] [FILE]
  -a, --all
      --json
  -n, --number N
        how many
      (default 3)
  -l, --long-name-of-it N  how many
      in all (1..9,
      default 4)
      --last N     how many
                   -n is another matter (default 5)
    FILE   the file (default f)]], {
  {"", all = false, json = false, number = 3, long_name_of_it = 4, last = 5, file = "f"},
  {"--json -a", all = true, json = true},
  {"--long-name-of-it 10", "whole number from 1 to 9 expected"},
})
wrong("usage: x\n  -n N  how many\n    -- and more", "'-- and more' is no option")
arguments.cases("usage: x <number> [<time>]\n  <number>  (1..)\n  <time>    (1..9)", {
  {"2 3s", number = 2, time = 3.0},
  {"2.5", "<number>: whole number of at least 1 expected, got '2.5'"},
  {"2 10s", "<time>: time such as 30, 1.5s or 10m from 1 to 9 expected, got '10s'"},
})

-- The error is at the script's line.
local err = check.raises("args_text.lua:" .. debug.getinfo(1, "l").currentline + 1 .. ": args:",
  function() cli.args "usage: x -v" end)
assert(type(err) == "string")
check.raises("bad argument #1 to 'args' (usage text expected, got nil)", cli.args)
check.raises("bad argument #2 to 'args' (list of arguments expected, got string)", cli.args,
  "usage: x", "-a")
check.raises("(element 2: string expected, got number)", cli.args, "usage: x", {"a", 1})

-- Prose, headings, examples, brackets in a description; indented as code is.
arguments.cases([[

        x.lua - does things (default: none).
        - a list of prose
        usage: procrun x.lua [options]
                             [<file>]

        Reads it (see x(1), and -j below), or | does not.

        options:
          -j, --jobs N     how many (not all; the default is 4)
                           -k is another matter
            - still prose
          -k, --keep       (a, b or c)
        <file>   the file

        Examples:
          -z --nothing here is read
          x.lua -j 4 file ]], {
  {"", jobs = nil, keep = false, file = nil},
  {"-j3 -k f", jobs = 3, keep = true, file = "f"},
  {"-z", "unknown option '-z'"},
})
arguments.cases("Usage:\n  x [-a]\n", { {"-a", a = true} })
arguments.cases("usage: x\r\n\t-a\ttext\r\n\t-b N\ttext (default 3)\r\n",
  { {"-a", a = true, b = 3} })
arguments.cases("usage: x <file-name>\n", { {"f", file_name = "f"} })

-- What the text does not have is no field.
local opt = cli.args("usage: x\n  -j, --jobs N", {"-j3"})
assert(opt.jobs == 3)
check.raises("opt.job: the usage text has no such option or operand (did you mean 'jobs'?)",
  function() return opt.job end)
opt.other = 1
assert(opt.other == 1 and next(opt) and opt[1] == nil)
assert(require "procrun.json".encode(cli.args("usage: x\n  -a N  (default 1)", {})) == '{"a":1}')
