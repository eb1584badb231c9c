-- timeout: 60
-- The harness of scripts/bench: its options, what it makes of rows and of what their programs say.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local dir = check.tmp("rows")
assert(fs.mkdir(dir))

local function bench(...)
  return proc.run(assert(os.getenv("PROCRUN")), { "tests/bench/bench.lua", ... },
    { extend_env = { BENCH_ROWS = dir } })
end

-- A row whose subjects are shell commands: {name, command, name, command, …}
local function row(name, fields, commands)
  local subjects = {}
  for i = 1, #commands, 2 do
    subjects[#subjects + 1] = ("{name = %q, command = {'sh', '-c', %q, '%%s'}}"):format(
      commands[i], commands[i + 1])
  end
  check.write(("%s/%s.lua"):format(dir, name), ([[
    return { name = "%s", title = "the row %s", unit = "ms", better = "less", %s
      subjects = function(tools, size)
        assert(tools.procrun)
        local list = {%s}
        for _, subject in ipairs(list) do subject.command[4] = tostring(size) end
        return list
      end }]]):format(name, name, fields, table.concat(subjects, ", ")))
end

-- The command line.
for _, arguments in ipairs { { "--wrong" }, { "start" }, { "--only" }, { "--only=" },
  { "--only", "" }, { "--only", "nonsuch" }, { "--rounds", "0" }, { "--rounds=x" },
  { "--json=1" } } do
  local r = bench(table.unpack(arguments))
  check.eq(r.code, 2, table.concat(arguments, " "))
  check.has(r.stderr, "bench: ")
  check.eq(r.stdout, "")
end
check.has(bench("--help"):check().stdout, "--only ROW")

-- Every row that is here can be read, and --list names it.
local rows = require "tests.bench.lib.rows"
local names = proc.run(os.getenv("PROCRUN"), { "tests/bench/bench.lua", "--list" }):check():lines()
local all, seconds = assert(rows.select {}), 0
check.eq(#all, #names)
check.eq(names[1], "start")

-- All of them together are to take less than five minutes.
for _, each in ipairs(all) do seconds = seconds + each.seconds end
assert(seconds <= 285, seconds)

-- Rounds are interleaved; medians, ratios and goals are right.
local log = check.tmp("log")
local say = ("echo %%s >>%s; echo noise; echo '{\"value\": '$(grep -c . %s)'}'"):format(log, log)
row("order", "goal = {{at_most = 1.5, of = 'c'}, {at_least = 5}, {at_most = 1, of = 'node'}},",
  { "c", say:format("c"), "procrun", say:format("procrun") })
local r = bench("--json", "--rounds", "3", "--only", "order"):check()
check.eq(fs.read(log), ("c\nprocrun\n"):rep(3))
local report = assert(r:json())
check.eq(report.failures, 0)
check.eq(report.rows[1].name, "order")
check.eq(report.rows[1].rounds, 3)
local measure = report.rows[1].cases[1].measures[1]
check.eq(measure.values.c.median, 3.0) -- of 1, 3, 5
check.eq(measure.values.procrun.median, 4.0) -- of 2, 4, 6
check.eq(measure.values.procrun.min, 2)
check.eq(measure.values.procrun.of_c, 4 / 3)
check.eq(measure.goal[1].text, "≤ 1.5 × C")
check.eq(measure.goal[1].reached, true)
check.eq(measure.goal[2].text, "≥ 5")
check.eq(measure.goal[2].reached, false)
check.eq(measure.goal[3].reached, nil) -- there is no node in this row
check.eq(measure.reached, false)
check.has(r.stderr, "the row order")
check.has(r.stderr, "not reached")
assert(type(report.machine) == "string" and type(report.versions) == "table" and report.date)

-- One name of several that begin so is that row alone.
row("order2", "", { "procrun", "echo '{\"value\": 1}'" })
check.eq(#bench("--json", "--rounds=1", "--only=order"):check():json().rows, 1)
check.eq(#bench("--json", "--rounds=1", "--only=orde"):check():json().rows, 2)

-- Sizes and several measures.
row("size", "sizes = {1, 64000000}, size_unit = 'bytes', measures = {{key = 'a', title = 'first', "
  .. "goal = {{at_most = 2}}}, {key = 'b', title = 'second', unit = 'kB', better = 'more'}},",
  { "procrun", "echo '{\"a\": '$0', \"b\": 7}'", "odd", "echo '{\"a\": 1234567, \"b\": 8}'" })
r = bench("--only", "size", "--rounds", "1"):check()
for _, text in ipairs { "size, 1 rounds:\n\n| the row size | first, ms: procrun | first, ms: odd",
  "| second, kB: procrun | second, kB: odd |", "| 64 MB ", "64,000,000", " 1,230,000 ",
  "first 1 B, ≤ 2: reached", "first 64 MB, ≤ 2: not reached" } do
  check.has(r.stdout, text)
end

-- What fails is told and makes the status 1; a peer's loss does not.
row("fails", "", { "c", "echo oops >&2; exit 3", "node", "echo hello", "bun", "echo '{\"b\": 1}'",
  "procrun", "echo '{\"value\": 1}'" })
r = bench("--only", "fails", "--rounds", "2")
check.eq(r.code, 1)
check.has(r.stderr, "3 measurements failed")
check.has(r.stdout, "| failed")
check.has(r.stdout, "oops")
check.has(r.stdout, "printed no JSON but 'hello'")
check.has(r.stdout, "printed no number for 'value'")

local lossy = "echo '{\"value\": 5, \"lost\": 5, \"sent\": 10}'"
row("loss", "", { "node", lossy, "procrun", "echo '{\"value\": 10, \"lost\": 0, \"sent\": 10}'" })
r = bench("--only", "loss", "--rounds", "1"):check()
check.has(r.stdout, "loses 5 of 10")
row("loss", "", { "procrun", lossy })
r = bench("--only", "loss", "--rounds", "1", "--json")
check.eq(r.code, 1)
check.eq(r:json().rows[1].cases[1].failed.procrun, "loses 5 of 10")

-- A row that is wrong is told with its file.
row("wrong", "colour = 'red',", {})
r = bench("--only", "wrong")
assert(not r.ok)
check.has(r.stderr, "wrong.lua: 'colour' is string, not a field")

-- The numbers of workers that make no sense, or for which there are no descriptors, are told.
local function workers(...)
  return proc.run("sh", { "-c", 'ulimit -n 100 && exec "$0" tests/bench/workers.lua "$@"',
    os.getenv("PROCRUN"), ... })
end
for _, number in ipairs { "0", "-1", "1.5", "x", "1e9", "100" } do
  r = workers(number)
  check.eq(r.code, 2, number)
  check.has(r.stderr, "workers.lua: ")
end
check.eq(workers("50", "--json"):check():json().workers, 50)
