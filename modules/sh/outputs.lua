-- outputs.lua - where the outputs of a command go if a script says more than the verb does: quiet,
-- capture, stdout = "capture".

local M = {}

local NAMES <const> = { "stdout", "stderr" }

-- What is kept of each output, as a table of our own: true, false, "tail", …
local function kept(capture)
  if type(capture) == "table" then return { stdout = capture[1], stderr = capture[2] } end
  return { stdout = capture, stderr = capture }
end

--- adapt(options for proc, kind of the verb, quiet)
function M.adapt(o, kind, quiet)
  local keep = kept(o.capture)
  for _, name in ipairs(NAMES) do
    if o[name] == "capture" then o[name], keep[name] = "pipe", true end
    if keep[name] and o[name] == nil then o[name] = "pipe" end
  end
  if quiet and kind.stderr ~= "ignore" and keep.stderr ~= true then -- else nothing of it is shown
    keep.stderr = "last"
    if o.stderr == nil then o.stderr = "pipe" end
  end
  if quiet and kind.stdout == "inherit" and o.stdout == nil then o.stdout = "ignore" end
  o.capture = { keep.stdout or false, keep.stderr or false }
end

return M
