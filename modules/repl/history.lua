-- history.lua - the lines typed at the prompt, kept in a file that several REPLs share: each line
-- is appended by one write, and a file that has grown too long is cut at the start of a REPL.

local fs = require "procrun.fs"
local path = require "procrun.path"

local M = {}

local MOST <const> = 1000 -- lines kept
local LIMIT <const> = 16 * 1024 * 1024 -- a larger file is not of ours

--- file() -> path of the history file | nil: none is kept
function M.file()
  local name = os.getenv "PROCRUN_HISTORY"
  if name == "" then return nil end
  if name then return name end
  local state = os.getenv "XDG_STATE_HOME"
  if not state or state:sub(1, 1) ~= "/" then
    local home = require "procrun.path.home" ""
    if not home then return nil end
    state = home .. "/.local/state"
  end
  return path.join(state, "procrun", "history")
end

-- One that appends meanwhile would write to the file that goes away: they take turns. Who cannot
-- have it in time goes on without.
local function lock(file)
  local name = ("procrun-history-%s"):format(file):gsub("[^%w]", "-"):sub(-100)
  local fine, mutex = pcall(require "procrun.sync".mutex, name)
  local guard = fine and mutex and mutex:lock(1)
  return setmetatable({}, {__close = function()
    if guard then guard:unlock() end
    if fine and mutex then mutex:close() end
  end})
end

-- The lines of the file, the last MOST of them.
local function read_lines(file)
  local text = fs.read(file, LIMIT)
  local lines = {}
  for line in (text or ""):gmatch "[^\n]+" do lines[#lines + 1] = line end
  local first = math.max(1, #lines - MOST + 1)
  return table.move(lines, first, #lines, 1, {}), first - 1
end

--- open(file) -> history; file as of file()
function M.open(file)
  local lines, surplus = {}, 0
  if file then lines, surplus = read_lines(file) end
  if surplus > MOST then
    local _ <close> = lock(file)
    lines = read_lines(file)
    fs.write(file, table.concat(lines, "\n") .. "\n", {mode = "600"})
  end
  return {file = file, lines = lines, last = lines[#lines]}
end

--- add(history, line) -> whether it is new; blank lines and repetitions are not kept
function M.add(history, line)
  if not line:find "%S" or line == history.last then return false end
  history.last = line
  if not history.file then return true end
  local _ <close> = lock(history.file)
  local text = line .. "\n"
  local options = {append = true, mode = "600"}
  if fs.write(history.file, text, options) then return true end
  fs.mkdir_p(path.dirname(history.file), "700")
  if not fs.write(history.file, text, options) then history.file = nil end -- told by .help
  return true
end

return M
