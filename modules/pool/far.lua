-- far.lua - workers behind a launcher such as ssh or srun: what they print is shown here, with the
-- host in front of each line; and why one could not be started.

local task = require "procrun.task"

local M = {}

local TAIL <const> = 2000 -- bytes of its last words that an error shows

local function read_lines(words, label, stream)
  local _ <close> = setmetatable({}, { __close = function() words.over:set() end })
  while true do
    local line = stream:read("L")
    if not line then return end
    words.tail = (words.tail .. line):sub(-TAIL)
    if line:sub(-1) ~= "\n" then line = line .. "\n" end
    io.stderr:write(label, line)
  end
end

--- read(host, child) -> {tail = its last words, over = an event}: shows its standard error on ours
function M.read(host, child)
  local words = { tail = "", over = task.event() }
  local label = host and ("[%s] "):format(host) or ""
  local t = task.spawn(read_lines, words, label, child.stderr)
  t.name = "output of a far worker"
  return words
end

local HINT <const> = " (procrun has to be installed there, and on the PATH of commands that are "
  .. "run over the launcher; another path: exec_path)"

--- explain(worker, result, its last words) -> why it did not start | nil
function M.explain(worker, result, tail)
  local text = tail:gsub("%s+$", "")
  local command = result.command
  if text:find("module 'procrun.pool.worker' not found", 1, true) then
    return ("`%s`: that procrun is older than ours and has no pool"):format(command)
  end
  local missing = result.code == 127 or result.code == 126
  if not worker.place.far then
    return text ~= "" and tostring(result) .. "\n" .. text or nil
  end
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
