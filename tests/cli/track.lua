-- cli.track: a bar over lists and over every iterator, which give what they give without it.
local check = require "tests.lib.check"

local function run(script)
  local r = check.run('local cli, fs = require "cli", require "fs"\n' .. script)
  return r.out, r.err, r.code
end

local out, err = run [[for item, i in cli.track({"a", "b"}, {text = "t"}) do print(item, i) end]]
check.eq(out, "a\t1\nb\t2\n")
check.matches(err, "^t: 0/2\nt: done, 2/2 in")

out, err = run [[for k, v in cli.track(pairs {x = 1}) do print(k, v) end]]
check.eq(out, "x\t1\n")
check.matches(err, "done, 1 in")

out, err = run [[
  for k, v in cli.track({total = 2, unit = "rows"}, ipairs {7, 8}) do print(k, v) end]]
check.eq(out, "1\t7\n2\t8\n")
check.matches(err, "done, 2/2 rows in")

-- left early: the item was not done; what the iterator wanted to have closed is closed
out, err = run [[
  local closed = setmetatable({}, {__close = function() print "closed" end})
  local function step(_, n) return n + 1 end
  for n in cli.track({total = 5}, step, nil, 0, closed) do if n == 3 then break end end
  for item in cli.track {1, 2, 3} do if item == 2 then break end end]]
check.eq(out, "closed\n")
check.matches(err, "stopped at 2/5 after.*stopped at 1/3 after")
err = select(2, run [[for _ in cli.track {1} do error "x" end]])
check.matches(err, "failed at 0/1 after")
check.matches(select(2, run [[for _ in cli.track {} do end]]), "^0/0\ndone, 0/0 in")

-- as a call too: an object that is one, a directory
out = run [[local left = 2
  local object = setmetatable({}, {__call = function()
    left = left - 1
    if left >= 0 then return left end
  end})
  for n in cli.track(object) do print(n) end
  local dir <close> = fs.temp_dir()
  fs.write(dir.path .. "/one", "")
  for path in cli.track(fs.walk(dir.path)) do print(path) end]]
check.matches(out, "^1\n0\n.*one")
check.matches(select(2, run [[cli.track(5)]]), "track: list or iterator expected, got number")
