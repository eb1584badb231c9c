-- terminal.lua - runs a program of a test on a terminal: text, ok = terminal.run(command, [feed]);
-- local t <close> = terminal.open(command); t:send("1+1\r"); t:expect("2"). Where script(1) is
-- missing, it prints so and ends the test as skipped.
local M = {}

local function need_script()
  if not os.execute("script --version >/dev/null 2>&1") then
    print("skip: script(1) is not installed")
    os.exit(77)
  end
end

--- run(command, [feed]) -> what stood on the terminal, whether it ended well
-- feed: a shell command whose output is typed; nothing is without it
function M.run(command, feed)
  need_script()
  local line = ([[script -qec "%s" /dev/null]]):format(command)
  line = feed and feed .. " | " .. line or line .. " </dev/null"
  local pipe = assert(io.popen(line))
  local text = pipe:read("a")
  return text, pipe:close()
end

local session = {}
session.__index = session

-- Without what moves the cursor or switches modes, also the begin of such a sequence at the end.
local function plain(text)
  return (text:gsub("\27%[[%d;?]*%a", ""):gsub("\27[=>]", ""):gsub("\27[^%a]*$", "")
    :gsub("[\a\r]", ""))
end

--- open(command, [env]) -> session on a terminal of 80 columns; env is added to ours
function M.open(command, env)
  need_script()
  local proc = require "procrun.proc"
  local child = assert(proc.spawn("script",
    {"-qfec", "stty cols 80 rows 24; exec " .. command, "/dev/null"},
    {extend_env = env, autokill = true}))
  return setmetatable({child = child, text = "", at = 1}, session)
end

--- send(keys)
function session:send(keys) assert(self.child.stdin:write(keys)) end

-- Reads on; raises with what has come when nothing more does.
local function more(self, wanted)
  local task = require "procrun.task"
  local bytes = task.timeout(20, function() return self.child.stdout:read_some() end)
  if not bytes then
    error(("%q has not come, but: %s"):format(wanted, plain(self.text):sub(-2000)), 3)
  end
  self.text = self.text .. bytes
end

--- expect(text) -> what came before it since the last call; waits for it
function session:expect(text)
  while true do
    local clean = plain(self.text)
    local from, to = clean:find(text, self.at, true)
    if from then
      local before = clean:sub(self.at, from - 1)
      self.at = to + 1
      return before
    end
    more(self, text)
  end
end

--- enter(line, text) -> what came between the echo of the line and the text
function session:enter(line, text)
  self:send(line .. "\r")
  self:expect "\n"
  return self:expect(text)
end

--- answers(line, pattern): to the line, before the next prompt
function session:answers(line, pattern)
  local text = self:enter(line, "> ")
  if not text:find(pattern) then
    error(("%s: %q does not match %q"):format(line, text, pattern), 2)
  end
end

--- finish() -> exit code, all that came; the program is at its end
function session:finish()
  local rest = self.child.stdout:read "a"
  self.text = self.text .. rest
  return self.child:wait(20).code, plain(self.text)
end

-- With all that runs there: the end of the terminal alone is slow where leaks are looked for.
function session:__close() self.child:kill_tree "KILL" end

return M
