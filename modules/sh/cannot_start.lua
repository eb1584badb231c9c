-- cannot_start.lua - why a command could not be started, and what to do about it.

local fs = require "procrun.fs"
local which = require "procrun.proc".which

local M = {}

-- What shells have built in, and what there is instead.
local BUILT_IN <const> = {
  cd = 'use: local _ <close> = sh.cd "dir"', pushd = 'use: local _ <close> = sh.cd "dir"',
  popd = "a scope of sh.cd ends by itself", export = "use sh.setenv, or the option extend_env",
  unset = "use sh.setenv { NAME = false }", source = "use sh.bash for what a shell is to read",
  ["."] = "use sh.bash for what a shell is to read", eval = "use sh.bash", set = "use sh.bash",
  exit = "use os.exit", ulimit = "use the option limits", umask = "use the option umask",
  alias = "use a function, or sh.with", trap = "use sh.defer, or process:on('SIGTERM', fn)",
  wait = "use job:wait()", read = "use io.read", exec = "use sh.run", shift = "use table.remove",
  ["local"] = "that is Lua's", declare = "use local", readonly = "use local NAME <const>",
  let = "that is Lua's", type = "use sh.which", command = "use sh.which",
  ["if"] = "that is Lua's", ["for"] = "that is Lua's", ["while"] = "that is Lua's",
}

local TOO_LONG <const> = 'cannot run %s: %s (many words go through a pipe: sh.data(table.concat('
  .. 'list, "\\0")) | "xargs -0 %s", one long text by the option input or a file)'

local function stat(path, cwd)
  if cwd and path:sub(1, 1) ~= "/" then path = cwd .. "/" .. path end
  return fs.stat(path)
end

-- Two words are alike when one letter is wrong, missing, too much, or when two have changed places.
local function is_alike(a, b)
  if math.abs(#a - #b) > 1 or a == b then return false end
  local i = 1
  while i <= #a and a:byte(i) == b:byte(i) do i = i + 1 end
  local swapped = a:sub(i, i) .. a:sub(i + 1, i + 1) == b:sub(i + 1, i + 1) .. b:sub(i, i)
  return a:sub(i + 1) == b:sub(i + 1) or a:sub(i + 1) == b:sub(i) or a:sub(i) == b:sub(i + 1)
    or swapped and a:sub(i + 2) == b:sub(i + 2)
end

local function find_alike(name)
  if #name < 2 then return nil end
  local best
  for dir in (os.getenv("PATH") or ""):gmatch("[^:]+") do
    for _, other in ipairs(fs.readdir(dir) or {}) do
      if (not best or other < best) and is_alike(name, other) and which(other) then best = other end
    end
    if best then return best end
  end
end

local function built_in(name)
  local hint = BUILT_IN[name]
  return hint and ("command not found: %s (it is built into shells; %s)"):format(name, hint)
end

local function not_found(r, name, cwd)
  if name:find("/", 1, true) then
    if stat(name, cwd) then
      return ("cannot run %s: its interpreter (line 1) is missing"):format(name)
    end
    return "command not found: " .. name .. " (no such file)"
  end
  local hint = built_in(name)
  if hint then return hint end
  if name:find("%s") then
    return ("command not found: %q (it is one word here; write each argument as a word of its own)")
      :format(name)
  elseif stat(name, cwd) then
    return ("command not found: %s (here is a file of that name: ./%s)"):format(name, name)
  elseif which(name) then -- it is there, but not what runs it
    return ("cannot run %s: %s"):format(name, r.error:match("^[^:]*: [^:]*: (.*)$") or r.error)
  end
  local other = find_alike(name)
  if other then return ("command not found: %s (did you mean %s?)"):format(name, other) end
  return ("command not found: %s (not on PATH; is it installed?)"):format(name)
end

local EXECUTE <const> = 73 -- 0111

local function not_allowed(name, cwd, reason)
  local st = name:find("/", 1, true) and stat(name, cwd)
  if st and st.type == "directory" then return ("cannot run %s: it is a directory"):format(name) end
  local hint = st and st.mode & EXECUTE == 0 and " (chmod +x makes a file a program)" or ""
  return ("cannot run %s: %s%s"):format(name, reason, hint)
end

--- text(result, cwd or nil) -> one line
function M.text(r, cwd)
  local name = r.path:gsub("%c", "?")
  local reason = r.error:match("([^:]*)$"):gsub("^ ", "")
  if r.step == "cwd" then
    return "cannot change to the directory "
      .. (r.error:match("cwd (.*)$") or reason):gsub("%c", "?")
  elseif r.step ~= "exec" then
    return ("cannot start %s: %s"):format(name, r.error:match("^[^:]*: [^:]*: (.*)$") or reason)
  elseif r.errno == "ENOENT" or r.errno == "ENOTDIR" then
    return not_found(r, name, cwd)
  elseif r.errno == "EACCES" then -- ".": what PATH finds is a directory
    return built_in(name) or not_allowed(name, cwd, reason)
  elseif r.errno == "E2BIG" then
    return TOO_LONG:format(name, reason, name)
  end
  return ("cannot run %s: %s"):format(name, reason)
end

return M
