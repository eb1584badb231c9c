-- Arguments as they are read: options short and long, values, lists, counts, operands.
local arguments = require "tests.lib.arguments"
local cases = arguments.cases

cases([[
usage: build.lua [options] <dir>...
  -j, --jobs N        builds at the same time (default 4)
  -k, --keep-going    let the others finish when one fails
  -o, --out FILE      where to
  -v, --verbose...    say more, also twice
  -I, --include DIR...  where to look
      --dry-run
  <dir>...            folders with a Makefile]], {
  {"a", dir = {"a"}, jobs = 4, keep_going = false, verbose = 0, include = {}, dry_run = false,
    only = true},
  {"a b c", dir = {"a", "b", "c"}},
  {"-j8 a", jobs = 8, dir = {"a"}},
  {"-j 8 a", jobs = 8, dir = {"a"}},
  {"--jobs=8 a", jobs = 8},
  {"--jobs 8 a", jobs = 8},
  {"a --jobs 8 b", jobs = 8, dir = {"a", "b"}},
  {"a -k", keep_going = true, dir = {"a"}},
  {"a --keep-going", keep_going = true},
  {"a --keep-going --no-keep-going", keep_going = false},
  {"a -vv --no-verbose -v", verbose = 1},
  {"a -kj3", keep_going = true, jobs = 3},
  {"a -kj 3", keep_going = true, jobs = 3},
  {"a -kvv", keep_going = true, verbose = 2},
  {"a -v -v --verbose", verbose = 3},
  {"a -vkofile", verbose = 1, out = "file", keep_going = true},
  {"a -j 1 -j 2", jobs = 2},
  {"a -Ix -I y --include=z --include w", include = {"x", "y", "z", "w"}},
  {"a --out -", out = "-"},
  {"a -o-", out = "-"},
  {"a -o-x", out = "-x"},
  {"a --out=-x", out = "-x"},
  {"a --out=", out = ""},
  {"a --out==", out = "="},
  {"a --out=a=b", out = "a=b"},
  {{"a", "--out", ""}, out = ""},
  {{"a", "-o", ""}, out = ""},
  {{""}, dir = {""}},
  {{"", "", ""}, dir = {"", "", ""}},
  {"-", dir = {"-"}},
  {"-- -k", dir = {"-k"}, keep_going = false},
  {"-- --", dir = {"--"}},
  {"a -- --jobs b", dir = {"a", "--jobs", "b"}},
  {"-k -- -- -", dir = {"--", "-"}, keep_going = true},
  {{"a b", "-o", "c d"}, dir = {"a b"}, out = "c d"},
  {{"ä\n\xff", "-o\1"}, dir = {"ä\n\xff"}, out = "\1"},
  {"-5", dir = {"-5"}},
  {"-.5 -1e3", dir = {"-.5", "-1e3"}},
  {"a -j +3", jobs = 3},
  {"a -j -3", jobs = -3},
  {"a -j0x10", jobs = 16},
  {"a -o -5", out = "-5"},
  {"", "missing argument <dir>"},
  {"--", "missing argument <dir>"},
  {"-k", "missing argument <dir>"},
  {"a -j", "option '-j' needs a value: N"},
  {"a --jobs", "option '--jobs' needs a value: N"},
  {"a -j x", "-j: whole number expected, got 'x'"},
  {"a -j=4", "-j: whole number expected, got '=4'"},
  {"a --jobs=", "--jobs: whole number expected, got ''"},
  {"a --jobs=1.5", "whole number expected, got '1.5'"},
  {"a --jobs=1e3", "whole number expected"},
  {{"a", "--jobs", " 4"}, "whole number expected, got ' 4'"},
  {"a --jobs=99999999999999999999", "whole number expected"},
  {"a --jobs=nan", "whole number expected"},
  {"a --jobs=0x", "whole number expected"},
  {"a -j -k", "option '-j' needs a value: N ('-k' as the value: -j-k)"},
  {"a --out -k", "('-k' as the value: --out=-k)"},
  {"a --out --", "option '--out' needs a value: FILE"},
  {"a --jbos 3", "unknown option '--jbos' (did you mean '--jobs'?)"},
  {"a --keepgoing", "(did you mean '--keep-going'?)"},
  {"a --Verbose", "(did you mean '--verbose'?)"},
  {"a --verb", "(did you mean '--verbose'?)"},
  {"a --hepl", "(did you mean '--help'?)"},
  {"a --nothing-like-it", "unknown option '--nothing-like-it'"},
  {"a -J 3", "unknown option '-J' (did you mean '-j'?)"},
  {"a -kx", "unknown option '-x' in '-kx'"},
  {"a -x", "unknown option '-x'"},
  {"a -kä", "unknown option '-ä' in '-kä'"},
  {"a --=x", "unknown option '--'"},
  {"a ---", "unknown option '---'"},
  {"a ---jobs", "unknown option '---jobs' (did you mean '--jobs'?)"},
  {"a --keep-going=1", "option '--keep-going' takes no value"},
  {"a --keep-going=", "option '--keep-going' takes no value"},
  {"a --no-jobs", "unknown option '--no-jobs'"},
  {"a --no-", "unknown option '--no-'"},
  {{"a", "--x\27[31m\n"}, "unknown option '--x?[31m?'"},
})

cases("usage: cp.lua [-f] <src>... <dst>", {
  {"a b", src = {"a"}, dst = "b", f = false},
  {"a b c", src = {"a", "b"}, dst = "c"},
  {"-f a b c d", src = {"a", "b", "c"}, dst = "d", f = true},
  {"a", "missing argument <dst>"},
  {"", "missing argument <src>"},
})
cases("usage: x SRC [DST]", {
  {"a", src = "a", only = true},
  {"a b", src = "a", dst = "b", only = true},
  {"a b c", "unexpected argument 'c'"},
  {"", "missing argument <SRC>"},
})
cases("usage: x [<count>] <file>\n  <count>  (default 3)", {
  {"a", file = "a", count = 3},
  {"7 a", file = "a", count = 7},
  {"b a", "<count>: whole number expected, got 'b'"},
})
cases("usage: x [<a> [<b>]]", {
  {"", only = true},
  {"1", a = "1", only = true},
  {"1 2", a = "1", b = "2", only = true},
  {"1 2 3", "unexpected argument '3'"},
})
cases("usage: x [<a>] [<rest>...]", {
  {"", rest = {}, only = true},
  {"1", a = "1", rest = {}},
  {"1 2 3", a = "1", rest = {"2", "3"}},
})
cases("usage: x <first> [<rest>]...", {
  {"1", first = "1", rest = {}},
  {"1 2 3", first = "1", rest = {"2", "3"}},
})
cases("usage: x", {
  {"", only = true},
  {"a", "unexpected argument 'a'"},
  {{""}, "unexpected argument ''"},
  {"-x", "unknown option '-x'"},
})
cases("usage: env.lua [-i] [--] <program> [<argument>...]", {
  {"ls -l -i", program = "ls", argument = {"-l", "-i"}, i = false},
  {"-i ls --help", program = "ls", argument = {"--help"}, i = true},
  {"-- -x -i", program = "-x", argument = {"-i"}},
  {"ls --", program = "ls", argument = {"--"}},
})

-- Types, choices, ranges, defaults.
cases([[
usage: x [options]
  --format json|csv|table   how (default table)
  --level LEVEL             (low|high, default low)
  --top N
  --ratio R                 (0.0..1.0, default 0.5)
  --port PORT               (1..65535)
  --at-least N              (1..)
  --at-most N               (..9)
  --scale NUM
  --wait TIME               (default 1.5s)
  --factor F                (default 2)
  --half X                  (default 0.5)
  --name NAME               (default "a b, c")
  --other NAME              [default: x]
  --third NAME              (default: it's)
  --bits 8|16|32            (default 16)
  --colour[=WHEN]           (always|never|auto)
  --lists L...              (default a)
  --long LONG               a text that goes on in the next line
                            (default there)]], {
  {"", format = "table", level = "low", ratio = 0.5, wait = 1.5, factor = 2, half = 0.5,
    name = "a b, c", other = "x", third = "it's", bits = 16, colour = nil, lists = {"a"},
    long = "there"},
  {"--format json", format = "json"},
  {"--format jsn", "json|csv|table expected, got 'jsn' (did you mean 'json'?)"},
  {"--format=", "json|csv|table expected, got ''"},
  {"--level high", level = "high"},
  {"--level medium", "--level: low|high expected, got 'medium'"},
  {"--top 3", top = 3},
  {"--top 3.5", "whole number expected"},
  {"--ratio 1", ratio = 1},
  {"--ratio .25", ratio = 0.25},
  {"--ratio 1.1", "--ratio: number from 0.0 to 1.0 expected, got '1.1'"},
  {"--ratio -0.1", "number from 0.0 to 1.0 expected"},
  {"--ratio inf", "number from 0.0 to 1.0 expected"},
  {"--ratio 1e999", "number from 0.0 to 1.0 expected"},
  {"--port 80", port = 80},
  {"--port 0", "whole number from 1 to 65535 expected, got '0'"},
  {"--port http", "whole number from 1 to 65535 expected, got 'http'"},
  {"--at-least 1 --at-most 9", at_least = 1, at_most = 9},
  {"--at-least 0", "whole number of at least 1 expected"},
  {"--at-most 10", "whole number of at most 9 expected"},
  {"--scale 2", scale = 2},
  {"--scale 2.5", scale = 2.5},
  {"--scale x", "number expected"},
  {"--wait 10m", wait = 600.0},
  {"--wait 3", wait = 3.0},
  {"--wait soon", "--wait: time such as 30, 1.5s or 10m expected, got 'soon'"},
  {"--factor 3", factor = 3},
  {"--factor 3.5", "whole number expected"},
  {"--half 1", half = 1},
  {"--bits 32", bits = 32},
  {"--bits 33", "8|16|32 expected"},
  {"--colour", colour = true},
  {"--colour=never", colour = "never"},
  {"--colour never", "unexpected argument 'never'"},
  {"--colour=no", "always|never|auto expected"},
  {"--lists b --lists c", lists = {"b", "c"}},
  {"--long here", long = "here"},
})

-- Flags that may be taken back, aliases, odd names.
cases([[
usage: x [options]
  --[no-]colour      (default on)
  --[no-]cache
  --pager
  --no-pager         none
  --no-wait          alone it is an option of that name
  -n, --number, --count N
  -1                 one
  -?                 what
  -a|--all
  -q -s --quiet      three names
  --a.b
  --ab_c
  -p=PORT, --port=PORT
  --host=<name>]], {
  {"", colour = true, cache = false, pager = false, no_wait = false, ["1"] = false},
  {"--no-colour", colour = false},
  {"--no-colour --colour", colour = true},
  {"--cache", cache = true},
  {"--cache --no-cache", cache = false},
  {"--pager", pager = true},
  {"--pager --no-pager", pager = false},
  {"--no-pager --pager", pager = true},
  {"--no-wait", no_wait = true},
  {"--wait", "unknown option '--wait' (did you mean '--no-wait'?)"},
  {"--no-no-wait", "unknown option"},
  {"--a.b", a_b = true},
  {"-n3", number = 3},
  {"--count 3", number = 3},
  {"-1", ["1"] = true},
  {"-?", ["?"] = true},
  {"-a", all = true},
  {"-s", q = nil, quiet = true},
  {"-qs", quiet = true},
  {"-p80", port = "80"},
  {"--port 80 --host h", port = "80", host = "h"},
  {"--ab_c", ab_c = true},
})

-- Options in the usage line; required ones.
cases([[
usage: x -o FILE [-v...] [--mode=fast|slow] [--size <n>] [-I DIR]... --key <key> <in>
         [<more>]
  -o, --out FILE   where to
  --token T        (required)]], {
  {"-o f --key k --token t in", out = "f", key = "k", token = "t", ["in"] = "in", v = 0, I = {}},
  {"-vv -Ia -I b -o f --key k --token t in more", v = 2, I = {"a", "b"}, more = "more"},
  {"-o f --key k --token t --mode fast --size 3 in", mode = "fast", size = 3},
  {"-o f --key k --token t --mode x in", "fast|slow expected"},
  {"--key k --token t in", "missing option --out FILE"},
  {"-o f --token t in", "missing option --key KEY"},
  {"-o f --key k in", "missing option --token T"},
})

-- The environment.
process.env.X_JOBS, process.env.X_FLAG, process.env.X_BAD, process.env.X_EMPTY = "7", "yes", "x", ""
local ENVIRONMENT <const> = [[
usage: x [options] [<dir>]
  -j, --jobs N     (default 4, env X_JOBS)
  -e, --empty E    (env: X_EMPTY, default d)
  -f, --[no-]flag  (env X_FLAG)
  -v...            (env X_JOBS)
  -l, --list L...  (env X_JOBS)
  <dir>            (env X_JOBS, default .)]]
cases(ENVIRONMENT, {
  {"", jobs = 7, empty = "d", flag = true, v = 7, list = {"7"}, dir = "7"},
  {"-j2 -v -l a d --no-flag", jobs = 2, v = 1, list = {"a"}, dir = "d", flag = false},
})
process.env.X_JOBS = nil
cases(ENVIRONMENT, { {"", jobs = 4, v = 0, list = {}, dir = "."} })
process.env.X_JOBS, process.env.X_FLAG = "x", "0"
cases(ENVIRONMENT, { {"", "X_JOBS (environment, for --jobs): whole number expected, got 'x'"} })
process.env.X_JOBS, process.env.X_FLAG = "1", "maybe"
cases(ENVIRONMENT, { {"", "X_FLAG (environment, for --flag): yes or no expected, got 'maybe'"} })
cases("usage: x --key K\n  --key K  (env X_BAD)", { {"", key = "x"}, {"--key y", key = "y"} })

-- The same text read twice: nothing of the first remains.
local spec = require "procrun.cli.usage" "usage: x\n  -l L...  (default a)"
local read = require "procrun.cli.argv"
table.insert(read(spec, {}).l, "b")
assert(#read(spec, {}).l == 1)

assert(arguments.count >= 170, arguments.count)
