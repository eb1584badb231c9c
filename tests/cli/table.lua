-- cli.table and cli.format_table: columns by width on the terminal, rows of any form, what is cut.
local check = require "tests.lib.check"
local cli = require "procrun.cli"

local function is(wanted, rows, options)
  check.eq(cli.format_table(rows, options), (wanted:gsub("^\n", "")))
end

is([[
PROJECT     RESULT  SECONDS
lib         ok          1.5
---------------------------
漢字テスト               12
x\x1b[2J                  3
a           true
b]], {
  {"PROJECT", "RESULT", "SECONDS"}, {"lib", cli.colour(true).green "ok" and "ok", 1.5}, "-",
  {"漢字テスト", nil, 12}, {"x\27[2J", false, "3"}, {"a\nb", true, ""},
})

-- colours take no columns, and their numbers stand to the right as well
local c = cli.colour(true)
local text = cli.format_table {{"A", "B"}, {c.red "x", c.red(5)}, {"yyy", 10}}
check.eq(cli.strip(text), "A     B\nx     5\nyyy  10")
check.has(text, "\27[31m5\27[39m")

-- numbers alone are no header
is("  1  a\n-20  b", {{1, "a"}, {-20, "b"}})
is("A  -", {{"A", "-"}})
is("", {})
is("", {{}})
is("a    c", {{"a", nil, "c"}})
is("x\ny", {{"x"}, {"y"}})

-- records
local disks = {{name = "a", size = 3, part = 0.5}, {name = "b", size = 100}}
is("name  SIZE  part\na        3  0.50\nb      100", disks, {columns = {"name",
  {key = "size", title = "SIZE"}, {key = "part", format = "%.2f"}}})
is("a    3\nb  100", disks, {columns = {"name", "size"}, header = false})
is("name  part  size\na      0.5     3\nb            100", disks)
is("<A>\n<B>", disks, {columns = {{key = "name", format = function(v, r)
  return r.size and "<" .. v:upper() .. ">"
end}}, header = false})
is("host    a\nkernel  b c", {host = "a", kernel = "b c"})
is("N  V\na  1", {{"a", 1}}, {header = {"N", "V"}})
is("1    |   a\n100  |  bb", {{1, "a"}, {100, "bb"}},
  {align = {"left", "right"}, separator = "  |  "})
is("  a\nbbbbb", {{"a"}, {"bbbbb"}}, {align = {"centre"}})

-- no wider than: the widest give first; wrapped at words
local long = {{("x"):rep(30), "some words to be wrapped", "id"}, {1, 2, 3}}
is("xxxxxxxxxxx…  some words t…  id\n           1              2   3", long, {width = 31})
is("aaa bbb\nccc\nddddddd\neee", {{"aaa bbb ccc dddddddeee"}}, {width = 7, overflow = "wrap"})
for width = 1, 60 do
  local narrow = math.max(width, 3 * 4 + 4)
  for _, overflow in ipairs {"cut", "wrap"} do
    local cut = cli.format_table(long, {width = width, overflow = overflow})
    assert(cli.width(cut) <= narrow, cut)
  end
end
check.eq(cli.format_table({{c.red "abcdefghij"}}, {width = 5}), "\27[31mabcd…\27[39m")
check.eq(cli.width(cli.format_table({{"漢字漢字漢字"}}, {width = 6})), 5)

-- where there is no terminal nothing is cut
local run = check.run [[require "cli".table({{("x"):rep(500), 1}})]]
check.eq(run.out, ("x"):rep(500) .. "  1\n")
check.eq(check.run([[require "cli".table {}]]).out, "")

check.raises("unknown option 'colums'", cli.table, {}, {colums = {}})
check.raises("row 2: table expected, got number", cli.table, {{1}, 2})
check.raises("table expected, got nil", cli.table, nil)
check.raises("overflow: 'cut' or 'wrap' expected, got 'hide'", cli.format_table, {},
  {overflow = "hide"})
check.raises("columns[1]: a name, or a table with key", cli.table, {}, {columns = {{title = "x"}}})
check.raises("format \"%d\" does not fit name = a", cli.table, disks,
  {columns = {{key = "name", format = "%d"}}})
check.raises("'left', 'right' or 'centre' expected, got 'r'", cli.table, {{1}}, {align = {"r"}})

-- However much is too wide: each column is as wide as the others, and what is left is given out.
local huge = ("x"):rep(300000)
local squeezed = cli.format_table({{huge, huge, huge, "ab"}}, {width = 40})
check.eq(cli.width(squeezed), 40)
check.eq(squeezed, ("x"):rep(9) .. "…  " .. (("x"):rep(10) .. "…  "):rep(2) .. "ab")

-- No cell is lost without a word.
local function refused(message, ...) check.raises(message, cli.format_table, ...) end
refused("row 2 is a record, and those before it are lists", {{1}, {a = 2}})
refused("row 2 is a list, and has no field by the name of a column", {{a = 1}, {2}})
refused("row 1 is a list", {{2}}, {columns = {"a"}})
refused("columns[1]: width: number expected", {}, {columns = {{key = "a", width = "9"}}})
refused("columns[1]: unknown option 'titel'", {}, {columns = {{key = "a", titel = "9"}}})
check.eq(cli.format_table({{1, 2}}, {columns = {{key = 2, title = "B"}}}), "B\n2")
check.raises("row 2 is a record", cli.csv, {{1}, {a = 2}})
