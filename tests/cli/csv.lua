-- cli.csv and cli.tsv: every cell is read back as it was, also by another program.
local check = require "tests.lib.check"
local cli = require "procrun.cli"
local json = require "procrun.json"

check.eq(cli.csv {{"a", 'b"c', "d,e"}, {1, 1.5, nil}, {true, false, "x\ny"}, {" z", "\r", ""}},
  'a,"b""c","d,e"\n1,1.5,\ntrue,false,"x\ny"\n" z","\r",\n')
check.eq(cli.csv {{""}, {nil}, {"x"}}, '""\n""\nx\n')
check.eq(cli.csv({{"a;b", "c,d"}}, {separator = ";", newline = "\r\n"}), '"a;b";c,d\r\n')
check.eq(cli.csv({{n = 3, d = "x"}}, {columns = {"d", "n"}}), "d,n\nx,3\n")
check.eq(cli.csv({{n = 3}}, {columns = {"n", "gone"}, header = false}), "3,\n")
check.eq(cli.csv {{0.1, 1e300, 1 / 3, math.maxinteger, json.null}},
  "0.1,1e+300,0.3333333333333333,9223372036854775807,\n")
check.eq(cli.csv {}, "")
check.eq(cli.tsv {{"a\tb", "c\\d", "e\nf"}, {1, nil, false}}, "a\\tb\tc\\\\d\te\\nf\n1\t\tfalse\n")
check.raises("separator: one character", cli.csv, {}, {separator = "ab"})
check.raises("newline:", cli.csv, {}, {newline = "\r"})
check.raises("unknown option 'header_row'", cli.csv, {}, {header_row = true})

-- python3 reads what was written, if it is there
if os.execute "python3 -c '' >/dev/null 2>&1" then
  local cells = {}
  for byte = 1, 127 do cells[byte] = "x" .. string.char(byte) .. "y" end
  check.write(check.tmp "t.csv", cli.csv({cells, cells}))
  local pipe = assert(io.popen("python3 -c 'import csv, json, sys; "
    .. "print(json.dumps(list(csv.reader(open(sys.argv[1], newline=\"\")))))' "
    .. check.tmp "t.csv"))
  local rows = json.decode(pipe:read "a")
  check.eq(#rows, 2)
  for byte = 1, 127 do check.eq(rows[2][byte], cells[byte]) end
end
