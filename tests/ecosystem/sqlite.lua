-- luasql and luadbi on SQLite.
local rock = require "tests.lib.rock"

rock.need("lua-sql-sqlite3 lua-dbi-sqlite3", "luasql.sqlite3", "DBI", "dbd.sqlite3")
rock.same [[
local env = require "luasql.sqlite3".sqlite3()
local db = assert(env:connect "")
assert(db:execute "create table t (n integer, s text)")
print(db:execute "insert into t values (1, 'one'), (2, 'two')")
local cursor = db:execute "select n, s from t order by n desc"
local row = cursor:fetch({}, "a")
while row do
  print(row.n, row.s)
  row = cursor:fetch(row, "a")
end
print(cursor:close(), db:close(), env:close())
local dbi = assert(require "DBI".Connect("SQLite3", ":memory:"))
local statement = assert(dbi:prepare "select 1 + 1 as two")
statement:execute()
print(statement:fetch(true).two)]]
