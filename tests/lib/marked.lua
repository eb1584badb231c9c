-- marked.lua - a script of a test in a procrun of its own, and whatever it starts: signals to it,
-- and what of it is left. local s <close> = marked.start(text); s:expect "ready"; s:signal "INT"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local M = {}
local session = {}
session.__index = session

local count = 0

--- start(script, [options for procrun]) -> session; it runs in a session of its own
function M.start(script, options)
  count = count + 1
  local path = ("%s/marked%d.lua"):format(os.getenv("TMPDIR") or "/tmp", count)
  assert(fs.write(path, script))
  local mark = ("PROCRUN_MARK=%d.%d"):format(process.pid, count)
  local name, value = mark:match("(.*)=(.*)")
  local child = assert(proc.spawn(os.getenv("PROCRUN"), { options or "--", path },
    { detached = true, extend_env = { [name] = value }, stderr = "stdout" }))
  return setmetatable({ child = child, mark = "\0" .. mark .. "\0", text = "", at = 1 }, session)
end

--- expect(text) -> what came before it since the last call
function session:expect(text)
  while true do
    local from, to = self.text:find(text, self.at, true)
    if from then
      local before = self.text:sub(self.at, from - 1)
      self.at = to + 1
      return before
    end
    local bytes = task.timeout(20, function() return self.child.stdout:read_some() end)
    if not bytes then
      error(("%q has not come, but: %s"):format(text, self.text:sub(-2000)), 2)
    end
    self.text = self.text .. bytes
  end
end

--- signal(name): to procrun alone
function session:signal(name)
  assert(process.kill(self.child.pid, name))
end

--- signal_all(name): as a terminal does it, to all that are in its group
function session:signal_all(name)
  assert(process.kill(-self.child.pid, name))
end

--- left() -> list of the command lines of those that still live
function session:left()
  local list = {}
  for _, pid in ipairs(fs.readdir("/proc") or {}) do
    local env = pid:find("^%d+$") and fs.read("/proc/" .. pid .. "/environ")
    if env and ("\0" .. env):find(self.mark, 1, true) then
      local line = (fs.read("/proc/" .. pid .. "/cmdline") or ""):gsub("\0", " ")
      if line ~= "" then list[#list + 1] = pid .. " " .. line end
    end
  end
  return list
end

--- finish() -> result of procrun, all it has written; nothing of it is left
function session:finish()
  local rest = task.timeout(30, function() return self.child.stdout:read("a") end)
  if not rest then error("it does not end; so far: " .. self.text:sub(-2000), 2) end
  self.text = self.text .. rest
  local r = assert(self.child:wait(20))
  local left = self:left()
  if #left > 0 then error("left behind: " .. table.concat(left, "; "), 2) end
  return r, self.text
end

function session:__close()
  for _, line in ipairs(self:left()) do
    process.kill(math.tointeger(line:match("^%d+")), "KILL")
  end
end

return M
