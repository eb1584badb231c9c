-- far.lua - workers that a launcher such as ssh or srun starts, or another procrun than ours: why
-- one could not be started, and whether we understand each other.

local M = {}

local HINT <const> = " (procrun has to be installed there, and on the PATH of commands that are "
  .. "run over the launcher; another path: exec_path)"

--- explain(worker, result) -> why it did not start | nil: its end says it
function M.explain(worker, result)
  local text = (result.stderr or ""):gsub("%s+$", "")
  local command = result.command
  if text:find("module 'procrun.pool.worker' not found", 1, true) then
    return ("`%s`: that procrun is older than ours and has no pool"):format(command)
  end
  local missing = result.code == 127 or result.code == 126
  if not worker.place.far then return nil end
  return tostring(result) .. (missing and HINT or "") .. (text ~= "" and "\n" .. text or "")
end

--- compare(place, greeting) -> why we cannot work together | nil. Another version is told once.
function M.compare(place, greeting)
  local wire = require "procrun.pool.wire"
  local ours = require "procrun.core.self".version():match("^procrun %S+")
  local theirs = tostring(greeting.version):match("^procrun %S+") or "an unknown procrun"
  if greeting.ready ~= wire.PROTOCOL then
    return ("there is %s, whose pools speak another protocol than those of our %s"):format(theirs,
      ours)
  end
  if theirs ~= ours and not place.told then
    place.told = true
    io.stderr:write(("procrun: pool: %s has %s, here is %s\n"):format(place.host or "the worker",
      theirs, ours))
  end
  return nil
end

return M
