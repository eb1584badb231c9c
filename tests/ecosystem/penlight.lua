-- penlight: the modules people use, its strict mode beside our global, programs it runs.
local rock = require "tests.lib.rock"

rock.need("lua-penlight", "pl.import_into")
rock.same [[
  local pl = require "pl.import_into"()
  print(pl.pretty.write({1, 2, x = {y = 1}}, ""), pl.pretty.read "{1, a = 2}".a)
  print(pl.path.join("a", "b"), pl.path.isdir "/tmp", #pl.stringx.split "a b c")
  print(pl.List {3, 1, 2}:sort(), pl.tablex.deepcompare({1, {2}}, {1, {2}}))
  print(pl.Date {year = 2020, month = 2, day = 29}, pl.template.substitute("$(x)", {x = 5}))
  print(pl.utils.executeex "echo out; echo err >&2; exit 3")
  print(pl.utils.quote_arg "a b", pl.utils.execute "exit 2")
  local file = pl.path.tmpname()
  pl.file.write(file, "x\ny\n")
  print(pl.file.read(file), pl.file.copy(file, file .. "2"), pl.file.delete(file .. "2"))
  for text in io.lines(file) do print(text) end
  pl.file.delete(file)
  print(pl.path.exists(file), #pl.dir.getfiles "/etc" > 1, pl.app.platform())
  print(pl.class().new, pl.comprehension and pl.seq.sum {1, 2}, pl.lexer.lua("x = 1")())
  print(pl.stringio.open "a b\n":read "*l", pl.data.read(pl.stringio.open "n s\n1 a\n")[1][2])]]
-- lapp reads the arguments; strict forbids undeclared globals.
rock.same([[print(require "pl.lapp" "Needs a number\n <n> (number)".n)]], {args = {"12"}})
rock.same([[require "pl.strict" print(pcall(function() return undeclared end)) x_undeclared = 1]])
local check = require "tests.lib.check"
local r = check.run [[
  require "pl.strict"
  print(process.pid > 0, type(process.env), #require "fs".readdir("/etc") > 1)
  local path = require "pl.path"
  print(path.basename "a/b", path ~= require "path")]]
check.eq(r.out, "true\ttable\ttrue\nb\ttrue\n", r.err)
