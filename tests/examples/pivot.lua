-- pivot.lua groups the rows of CSV by a column, quotes and all, and adds up another.

local check = require "tests.lib.check"
local example = require "tests.lib.example"
local json = require "procrun.json"

local a = check.write(check.tmp "-a b.csv", 'name,"the size",note\r\nann,3,x\r\n'
  .. '"Bob ""B"", jr",2.5,"two\nlines"\r\nann,4,')
local b = check.write(check.tmp "b.csv", "note,name,the size\nn,ann,10\n,,\n")

local r = example.run("pivot", { "-s", "the size", "-o", "json", "name", a, b })
local list = assert(json.decode(r:check().stdout))
check.eq(json.encode(list), json.encode {
  { "name", "rows", "the size" },
  { "", 1, 0 }, { 'Bob "B", jr', 1, 2.5 }, { "ann", 3, 17 },
})

r = example.run("pivot", { "-o", "csv", "name", a })
check.eq(r:check().stdout, 'name,rows\n"Bob ""B"", jr",1\nann,2\n')
r = example.run("pivot", { "note", a })
check.matches(r:check().stdout, "^note%s+rows\n")

check.eq(example.run("pivot", { "nothing", a }).code, 1)
check.has(example.run("pivot", { "name", a, "-s", "nothing" }).stderr, "has no 'nothing'")
r = example.run("pivot", { "name", check.write(check.tmp "open.csv", 'name\n"x\n') })
check.eq(r.code, 1)
check.has(r.stderr, "a quote is never closed")
check.has(example.run("pivot", { "x", a .. "?" }).stderr, "cannot read ")
