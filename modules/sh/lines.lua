-- lines.lua - for line in sh.lines "journalctl -f" do … end: the output of a command as it comes.
-- Leaving the loop ends the command; a failure is raised where the loop would end.

local verbs = require "procrun.sh.verbs"

local M = {}

-- Left early: whoever leaves has had enough, so that the end that this makes is no failure.
local Reader = { __name = "procrun.lines", __close = function(self)
  local child = self.child
  if not child then return end
  self.child = nil
  local _ <close> = child
end }

local function finish(self)
  local child = self.child
  self.child = nil
  local _ <close> = child
  local r = verbs.finish(self.plan, (child:wait()))
  if not r.ok and not verbs.is_harmless(self.plan, r) then verbs.fail(self.plan, r) end
end

local function next_line(self)
  if not self.child then return nil end
  local line = self.read()
  if line then return line end
  finish(self)
  return nil
end

--- open(plan) -> next, self, nil, self to be closed: what `for` needs
function M.open(plan)
  if plan.before then plan.before(plan, "lines") end
  local child, r = verbs.start("sh.lines", plan, "lines")
  if not child then verbs.fail(plan, verbs.finish(plan, r)) end
  require "procrun.sh.job".end_with_script(child)
  local self = setmetatable({ child = child, plan = plan }, Reader)
  self.read = child.stdout:lines()
  return function() return next_line(self) end, nil, nil, self
end

return M
