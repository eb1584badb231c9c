-- A template is cut into words as POSIX says, and what is put in is never cut again.
local check = require "tests.lib.check"
local words = require "procrun.sh.words"

-- "a|b": the words of the only program of a plan
local function argv(...)
  return table.concat(words.plan("sh.run", 2, nil, ...).stages[1].argv, "|")
end

for text, wanted in pairs {
  ["npm ci"] = "npm|ci",
  ["  npm\t ci  "] = "npm|ci",
  ["\n  npm \\\n  ci\n"] = "npm|ci",
  ["a 'b c' \"d e\" f\\ g"] = "a|b c|d e|f g",
  ["a ''"] = "a|",
  ["a '' \"\" b"] = "a|||b",
  ["'it'\\''s' it\"'\"s"] = "it's|it's",
  ["a '$1 \\n \"' \"\\$x \\\\ \\\" \\n\" \\$x"] = "a|$1 \\n \"|$x \\ \" \\n|$x",
  ["a b\\\nc \"d\\\ne\""] = "a|bc|de",
  ["grep foo$ 'x$' \"y$\" $/ $. $%"] = "grep|foo$|x$|y$|$/|$.|$%",
  ["awk '{print $1}'"] = "awk|{print $1}",
  ["find . ! -name x -exec rm {} \\;"] = "find|.|!|-name|x|-exec|rm|{}|;",
  ["git show HEAD@{1} --format=%s%n a{b}c {"] = "git|show|HEAD@{1}|--format=%s%n|a{b}c|{",
  ["docker ps --format={{.ID}},{{.Names}}"] = "docker|ps|--format={{.ID}},{{.Names}}",
  ["x a~b a#b a=b a,b ^ % @ : + ]"] = "x|a~b|a#b|a=b|a,b|^|%|@|:|+|]",
  ["curl 'http://x/?a=b&c=*'"] = "curl|http://x/?a=b&c=*",
  ["x \195\164\255 \"\127\""] = "x|\195\164\255|\127",
} do check.eq(argv(text), wanted, text) end

-- Parameters: whole, by place and by name, also inside a word.
local hostile = {
  "a b", "new\nline", "'", '"', "$(rm -rf x)", "`x`", "$HOME", "-rf", "--", "*", "\\", "", "~",
  "\255\254", "a;b|c&d", "$1", "%s", "{a,b}", "\t", "#",
}
for _, value in ipairs(hostile) do
  check.eq(argv("x $1 y", value), "x|" .. value .. "|y")
  check.eq(argv("x --a=$1/b", value), "x|--a=" .. value .. "/b")
  check.eq(argv('x "$1" "a $1 ${1}0"', value), (("x|V|a V V0"):gsub("V", {V = value})), value)
  check.eq(argv("x $v ${v}w", {v = value}), "x|" .. value .. "|" .. value .. "w")
  check.eq(argv("x", value, value), "x|" .. value .. "|" .. value)
  check.eq(argv {"x", value}, "x|" .. value)
end
check.eq(argv("x", table.unpack(hostile)), "x|" .. table.concat(hostile, "|"))
check.eq(argv("x", hostile), "x|" .. table.concat(hostile, "|"))
check.eq(argv("x $1 end", hostile), "x|" .. table.concat(hostile, "|") .. "|end")
check.eq(argv("x '$1'", "y"), "x|$1|y")
check.eq(argv("cp $1 $2", {"a", "b"}, "c"), "cp|a|b|c")
check.eq(argv("cp $2 $1 $2", 1, 2.5), "cp|2.5|1|2.5")
check.eq(argv("x ${10} $1 $2 $3 $4 $5 $6 $7 $8 $9", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
  "x|10|1|2|3|4|5|6|7|8|9")
check.eq(argv("rsync $src/ $1 $dst", "-a", {src = "a b", dst = 7}), "rsync|a b/|-a|7")
check.eq(argv("x $list", {list = {"a", "b"}}), "x|a|b")
check.eq(argv("x $1 y", {}), "x|y")
check.eq(argv("$1 --version", "c c"), "c c|--version")
check.eq(argv("x", ("a.b"):gsub("%.", "-")), "x|a-b|1") -- gsub gives two

-- The environment, where no parameter has the name.
local proc = require "procrun.proc"
proc.setenv("SH_WORDS", "a  b")
check.eq(argv("x $SH_WORDS ${SH_WORDS}c '$SH_WORDS'"), "x|a  b|a  bc|$SH_WORDS")
check.eq(argv("x $SH_WORDS", {SH_WORDS = "mine"}), "x|mine")

-- The table form: exactly these words, and options.
check.eq(argv {"x", "a b", "*", "$1", 4, 1.5, false, "~"}, "x|a b|*|$1|4|1.5|~")
check.eq(argv {false, "x", false}, "x")
local plan = words.plan("sh.run", 2, nil,
  {"x", cwd = "build", timeout = "2s", grace = 1, ok = {0, 1}})
check.eq(plan.stages[1].options.cwd, "build")
check.eq(plan.stages[1].options.ok[2], 1)
check.eq(plan.options.timeout, 2.0)
check.eq(plan.options.kill_after, 1.0)
check.eq(plan.where:match("words%.lua:%d+$") ~= nil, true)
check.eq(plan.shown, "x")
check.eq(words.plan("sh.run", 2, nil, "echo $1", "a b").stages[1].shown, "echo 'a b'")

-- Many of them, and long ones.
local many = {}
for i = 1, 100000 do many[i] = i end
check.eq(#words.plan("sh.run", 2, nil, "x", many).stages[1].argv, 100001)
check.eq(#argv("x $1", ("y"):rep(1 << 20)), 2 + (1 << 20))

-- Templates are kept, but not without bound.
for i = 1, 3000 do check.eq(argv("x " .. i), "x|" .. i) end
check.eq(argv("npm ci"), "npm|ci")
