-- cli.live: bars that belong together end together, whatever ends them; nested, and in tasks.
local check = require "tests.lib.check"

local function lines(script)
  local run = check.run('local cli, task = require "cli", require "task"\n' .. script)
  return run.err, run.code
end

local err = lines [[
  do
    local group <close> = cli.live {leave = false}
    local a, b = group:progress(2, {text = "a"}), group:progress(2, {text = "b", leave = true})
    group:spinner "c"
    a:add(2) b:add(2) b:finish()
  end
  cli.log "over"]]
check.matches(err, "^a: 0/2\nb: 0/2\nc: begun\nb: done, 2/2 in [^\n]*\nover\n$")

-- an error of one task: its bar has failed, those of the others are cancelled
err = lines [[
  local ok, message = pcall(task.all, {
    function() local bar <close> = cli.progress(3, {text = "one"}) task.sleep(0.05) error "x" end,
    function() local bar <close> = cli.progress(3, {text = "two"}) bar:add() task.sleep(9) end,
  })
  cli.log(message)]]
check.matches(err, "one: failed at 0/3 after", "two: cancelled at 1/3 after", "run%d+%.lua:3: x\n$")

-- a group within a bar, and its own end
err = lines [[
  local outer <close> = cli.progress(1, {text = "outer"})
  local group = cli.live()
  group:progress(5, {text = "inner"}):add()
  group:close() group:close()
  outer:add()]]
check.matches(err, "inner: stopped at 1/5 after.*outer: done, 1/1 in")

check.eq(lines [[local group <close> = cli.live {quiet = true}
  group:progress(1) group:spinner "x"]], "")
check.matches(lines [[cli.live(5)]], "live: options: table expected, got number")
check.matches(lines [[cli.live{quite = true}]], "live: unknown option 'quite'")
check.matches(lines [[cli.live():progress "x"]], "progress: total: number or nil expected")

-- a program that waits for nothing but bars is over
local _, code = lines [[cli.progress(5) cli.spinner "x" local p = cli.pause() p:close() p:close()]]
check.eq(code, 0)
