-- cli.log: levels, fields, bytes of any kind, and lines for machines; all on standard error.
local check = require "tests.lib.check"

local function lines(script, environment)
  local _ <close> = setmetatable({}, {__close = function()
    for name in pairs(environment or {}) do process.env[name] = nil end
  end})
  for name, value in pairs(environment or {}) do process.env[name] = value end
  local run = check.run('local cli = require "cli"\n' .. script)
  check.eq(run.out, "")
  return run.err, run.code
end

-- what is text and what is a format
check.eq(lines 'cli.log "100% done"', "100% done\n")
check.eq(lines 'cli.log("%d files in %s, %5.1f%%", 3, "x", 2.5)', "3 files in x,   2.5%\n")
check.eq(lines 'cli.log(42)', "42\n")
check.eq(lines 'cli.log("50%", {n = 1})', "50% n=1\n")

-- levels
local all = 'cli.log.debug "d" cli.log.info "i" cli.log.warn "w" cli.log.error "e"'
check.eq(lines(all), "i\nwarning: w\nerror: e\n")
check.eq(lines(all, {LOG_LEVEL = "DEBUG"}), "debug: d\ni\nwarning: w\nerror: e\n")
check.eq(lines(all, {LOG_LEVEL = "nonsense"}), "i\nwarning: w\nerror: e\n")
check.eq(lines('cli.log.configure{level = "error"}' .. all, {LOG_LEVEL = "debug"}), "error: e\n")
check.eq(lines('cli.log.configure{level = "off"}' .. all), "")
check.eq(lines 'cli.log(tostring(cli.log.enabled "debug") .. tostring(cli.log.enabled "warn"))',
  "falsetrue\n")

-- any bytes: one message is one, and the terminal is safe
check.eq(lines [[cli.log("a\27[2Jb\rc\0d\xff\u{9b}e\127")]],
  "a\\x1b[2Jb\\rc\\0d\\xff\\x9be\\x7f\n")
check.eq(lines [[cli.log "one\nerror: two\n"]], "one\n    error: two\n")
check.eq(lines [[cli.log("x", {["k =\n"] = "a b", z = '"', y = "", n = 1.5})]],
  'x k__\\n="a b" n=1.5 y="" z="\\""\n')
check.eq(lines [[cli.log(cli.colour(true).red "x")]], "x\n") -- no terminal: no colours
check.eq(lines([[cli.log(cli.colour(true).red "x")]], {FORCE_COLOR = "1"}), "\27[31mx\27[39m\n")

-- for machines
local json = require "procrun.json"
local text = lines [[cli.log.configure{json = true}
  cli.log.warn("%s\n\xff", "a", {n = 2, level = "l", bad = 0/0, f = print, s = "\27"})]]
local message = assert(json.decode(text))
check.eq(message.message, "a\n\\xff")
check.eq(message.level, "warn")
check.eq(message.level_, "l")
check.eq(message.n, 2)
check.eq(message.s, "\27")
check.matches(message.time, "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$")
check.matches(message.bad, "nan")
check.eq(select(2, text:gsub("\n", "")), 1)
check.matches(lines 'cli.log.configure{time = true} cli.log "x"',
  "^%d%d%d%d%-%d%d%-%d%d %d%d:%d%d:%d%d x\n$")

-- misuse names what is wrong, at the script's line
check.matches(lines '\ncli.log("%d", "x")', "run%d+%.lua:3: log: bad argument #2.*\"%%d\"")
check.matches(lines 'cli.log()', "log: no message")
check.matches(lines 'cli.log.warning "x"', "it is called 'warn' here")
check.matches(lines 'cli.log.configure{level = "loud"}', "one of debug.*got 'loud'")
check.matches(lines 'cli.log.configure{colour = 1}', "unknown option 'colour'")

-- a hundred tasks at once, long messages: no line is mixed
local err = lines [[
  local task = require "task"
  local list = {}
  for i = 1, 100 do
    list[i] = function()
      for _ = 1, 5 do cli.log(("%02d"):format(i % 100):rep(2000)) task.yield() end
    end
  end
  task.all(list)]]
local count = 0
for line in err:gmatch "([^\n]*)\n" do
  count = count + 1
  check.eq(line, line:sub(1, 2):rep(2000))
end
check.eq(count, 500)
