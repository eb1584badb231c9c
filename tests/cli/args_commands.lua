-- Commands: each with its operands, options and help; options of the program before and behind.
local arguments = require "tests.lib.arguments"
local check = require "tests.lib.check"

local TEXT <const> = [==[
usage: remote.lua [options] <command> ...
  -v, --verbose         say more
  -d, --dir DIR         where (default .)

commands:
  add <name> [<url>]    add one
    -f, --fetch         fetch at once
    -t, --track B...    branches
    <url>               (default none)
  remove, rm <name>...  remove some
  list                  show all
    -f, --format FORMAT   (json|text, default text)
  run [--] <program> [<argument>...]
]==]

arguments.cases(TEXT, {
  {"list", command = "list", format = "text", verbose = false, dir = ".", only = true},
  {"-v list", command = "list", verbose = true},
  {"list -v", command = "list", verbose = true},
  {"-d x list --format json", dir = "x", format = "json"},
  {"list -fjson -dy", dir = "y", format = "json"},
  {"add a", command = "add", name = "a", url = "none", fetch = false, track = {}},
  {"add a b -f -t x -ty", name = "a", url = "b", fetch = true, track = {"x", "y"}},
  {"rm a b", command = "remove", name = {"a", "b"}},
  {"remove list", command = "remove", name = {"list"}},
  {"run ls -v", command = "run", program = "ls", argument = {"-v"}, verbose = false},
  {"-v run ls --help", program = "ls", argument = {"--help"}, verbose = true},
  {"run -v ls", program = "ls", verbose = true},
  {"", "missing command"},
  {"-v", "missing command"},
  {"lst", "unknown command 'lst' (did you mean 'list'?)"},
  {"nothing", "unknown command 'nothing'"},
  {{""}, "unknown command ''"},
  {"-- list", command = "list"},
  {"-f list", "unknown option '-f'"},
  {"add", "missing argument <name>"},
  {"add a b c", "unexpected argument 'c'"},
  {"list a", "unexpected argument 'a'"},
  {"list --fetch", "unknown option '--fetch'"},
  {"list --formt json", "(did you mean '--format'?)"},
  {"help lst", "unknown command 'lst' (did you mean 'list'?)"},
})
arguments.cases("usage: x [<command>]\ncommands:\n  a\n  b",
  { {"", only = true}, {"a", command = "a"} })
arguments.cases("usage: x COMMAND\n\nCommands:\n  help  own\n", { {"help", command = "help"} })

arguments.cases("usage: x <command>\ncommands:\n  get\n    --version  its own\n    -h, --human", {
  {"get --version", version = true},
  {"get -h", human = true},
  {"get --help", "help"},
  {"--version", "unknown option '--version'"},
})

-- In a program.
local script = ("local opt = require 'cli'.args [===[\n%s]===] print(opt.command, opt.url)"):format(
  TEXT)
local function help(arguments_given)
  local run = check.run(script, nil, arguments_given)
  check.eq(run.code, 0)
  check.eq(run.err, "")
  return run.out
end
check.eq(help "--help", TEXT)
check.eq(help "help", TEXT)
check.eq(help "-h list", TEXT)
local ADD <const> = [[
usage: remote.lua [options] add <name> [<url>]

  add one

  -f, --fetch         fetch at once
  -t, --track B...    branches
  <url>               (default none)

for all commands:
  -v, --verbose         say more
  -d, --dir DIR         where (default .)
]]
check.eq(help "add --help", ADD)
check.eq(help "-v add -h", ADD)
check.eq(help "help add", ADD)
check.has(help "rm --help", "usage: remote.lua [options] remove|rm <name>...\n\n  remove some\n")
check.eq(help "list", "list\tnil\n")
local run = check.run(script, nil, "-v add a b c")
check.eq(run.code, 2)
check.eq(run.err, "remote.lua: unexpected argument 'c'\n"
  .. "usage: remote.lua [options] add <name> [<url>]\nremote.lua add --help says more\n")
run = check.run(script, nil, "lst")
check.has(run.err, "\nusage: remote.lua [options] <command> ...\nremote.lua --help says more\n")

check.raises("opt.ur: the usage text has no such option or operand", function()
  return require "procrun.cli".args(TEXT, {"list"}).ur
end)
