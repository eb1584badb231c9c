-- What a shell would do something else with is refused, with what to write instead.
local check = require "tests.lib.check"
local words = require "procrun.sh.words"

local function refused(reason, ...)
  local message = check.raises(reason, function(...)
    local plan = words.plan("sh.run", 2, nil, ...)
    return plan
  end, ...)
  check.matches(message, "words_refused%.lua:%d+: sh%.run: ")
  return message
end

for text, reason in pairs {
  ["ls *.c"] = "unquoted '*' means nothing here (use fs.glob, or quote it; a real shell is sh.bash",
  ["ls ?.c"] = "unquoted '?'", ["ls [ab]"] = "unquoted '['", ["[ -f x ]"] = "unquoted '['",
  ["a | b"] = [[unquoted '|' means nothing here (a pipeline is run(sh.cmd "..." | "...")]],
  ["a || b"] = "unquoted '||' means nothing here (if not sh.ok",
  ["a && b"] = "unquoted '&&'", ["a&"] = "unquoted '&' means nothing here (sh.start",
  ["a; b"] = "unquoted ';'", ["a > x"] = "sh.cmd \"...\":to(path)", ["a >> x"] = ":append(path)",
  ["a <x"] = ":from(path)", ["cat <<E"] = "input = \"bytes\"", ["a 2>&1"] = 'stderr = "stdout"',
  ["a 2>/dev/null"] = 'stderr = "ignore"', ["a >/dev/null"] = 'stdout = "ignore"',
  ["(a)"] = "unquoted '('", ["a )"] = "unquoted ')'", ["a `b`"] = "unquoted '`'",
  ['a "`b`"'] = "unquoted '`'", ["ls ~"] = "write $HOME", ["ls ~/x"] = "unquoted '~'",
  ["a $(b)"] = "sh.text gives what a command prints", ['a "$(b)"'] = "'$('",
  ["a $@"] = "a list is spread", ["a $#"] = "#list", ["a $$"] = "process.pid", ["a $?"] = "sh.try",
  ["a ${x:-y}"] = "'${x:-y}' means nothing here", ["a ${x%.c}"] = "'${x%.c}'", ["a ${"] = "'${'",
  ["a $10"] = "write ${10}, or ${1}0", ["a $0"] = "arg[0]", ["a $'b'"] = "'$''",
  ["a 'b"] = "the quote ' is not closed in: a 'b", ['a "b'] = 'the quote " is not closed',
  ["a \\"] = "stands before nothing", ["X=1 make"] = "extend_env = {X = ...}",
  ["! a"] = "if not sh.ok", ["a #b"] = "begins a comment", ["a {b,c}"] = "'{b,c}' is several words",
  ["a x{1..3}y"] = "'{1..3}' is several words", ["a\nb"] = "a new line begins another command",
  ["a\0b"] = "NUL byte", [""] = "there is no command", [" \n"] = "there is no command",
  ["''"] = "the name of the program is empty",
  ["rm -rf $SH_UNSET_NAME/x"] = "$SH_UNSET_NAME is not set in: rm -rf $SH_UNSET_NAME/x",
} do refused(reason, text) end

-- Parameters that are missing, too many, or no words.
refused("parameter 1 is nil", "a $1", nil)
refused("parameter 2 is nil", "a", 1, nil)
refused("$2 has no parameter (one was given", "a $1 $2", 1)
refused("$1 has no parameter (none was given; '$1' in single quotes is left to", "awk {print$1}")
refused("parameter 2 is not used: the template has $ but not $2", "a $1", 1, "x")
refused("gsub gives two values", "rm $1", ("a.b"):gsub("%.", "-"))
refused("parameter 1 is not used", "echo $HOME", "x")
refused("parameter 'b' is not used", "a $a", {a = 1, b = 2})
refused('options belong to the table form, run{"make", cwd = ...}', "make", {cwd = "x"})
refused("is a list: it can be a whole word, but not a part of one in: a --x=$1", "a --x=$1", {1})
refused("parameter 1, element 2: string or number expected, got nil", "a", {1, nil, 3})
refused("parameter 1, element 1: string or number expected, got table", "a", {{1}})
refused("the key 'x' is no index", "a", {1, x = 2})
refused("got boolean (true); to leave a word out use the table form", "a", true)
refused("parameter 'x': string or number expected, got boolean", "a $x", {x = false})
refused("parameter 1: string or number expected, got function", "a $1", print)
refused("parameter 1 holds a NUL byte", "a", "b\0c")
refused("its output is result:text()", "a", require "procrun.proc".run("true"))
refused("the name of the program is empty", "$1 x", "")

-- The table form.
refused("argument 2 is nil, and others follow", {"a", nil, "b"})
refused("argument 2 is true", {"a", true})
refused("argument 2 is a table (spread it by table.unpack", {"a", {"b"}})
refused("argument 2 holds a NUL byte", {"a", "b\0"})
refused("there is no command in the table", {})
refused("there is no command in the table", {cwd = "/"})
refused("unknown option 'cwdd' (known: argv0, capture, check, cwd", {"a", cwdd = "/"})
for _, name in ipairs { "shell", "stdio", "autokill", "exec_path", "visible" } do -- not sh's
  check.lacks(refused("unknown option", {"a", cwdd = "/"}), name)
end
refused("option 'timeout'", {"a", timeout = "soon"})
refused("option 'ok': list of exit codes, as {0, 1} expected, got 1", {"a", ok = 1})
refused("option 'ok'", {"a", ok = {0, 256}})
refused("option 'check': boolean expected", {"a", check = 1})
refused("there is no option 'shell' here", {"a", shell = true})
refused("env replaces the environment", {"a", clean_env = true})
refused("a table has all its words and options in it", {"a"}, "b")
refused("a command expected (a template, a table or a Command), got nil", nil)
refused("got number", 3)

-- A message stays one line of some length.
local message = refused("unquoted '*'", ("x"):rep(5000) .. "'\n' *")
assert(#message < 500 and not message:find("\n"), message)
