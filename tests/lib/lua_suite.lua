-- lua_suite.lua - procrun lua_suite.lua DIR: the official Lua test suite under lua5.4 and under
-- procrun; started by scripts/lua-suite. A file passes when it passes under both and prints the
-- same; a difference of lua_differences.lua is listed rightly when its file fails without it.

local fs, proc, process, task = require "fs", require "proc", require "process", require "task"

local LIMIT = "600s"
local NOT_ALONE = { -- these only make sense when all.lua runs them
  ["big.lua"] = true,
  ["heavy.lua"] = true, -- nor does it: it takes all the memory there is
}
local MODES = {
  {"portable", "_port = true"},
  {"full", ""}, -- what assumes a shell and shared libraries as well
  {"user", "_U = true", only = "all.lua"},
}
local differences = dofile(process.script_dir .. "/lua_differences.lua")
local suite -- a copy of the suite with its C libraries built

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read("a")
end

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(text))
end

--- adapt(dir, name, program, [without]): writes the file of the suite with the differences of the
--- program, save one
local function adapt(dir, name, program, without)
  local text, changed = read(suite .. "/" .. name), false
  for _, d in ipairs(differences) do
    if d.file == name and d ~= without and (d.both or program ~= "lua5.4") then
      local times
      text, times = text:gsub(d.find, d.put, d.find == "^" and 1 or nil)
      if times ~= (d.times or 1) then
        error(("%s: %q stands there %d times, not %d"):format(name, d.find, times, d.times or 1))
      end
      changed = true
    end
  end
  if changed then write(dir .. "/" .. name, text) end
end

local function plain(text) return (text:gsub("%p", "%%%0")) end

-- What depends on the machine, the time, the collector (it prints dots) and addresses is left out.
local function normal(output, dir)
  output = output:gsub(plain(dir), "DIR"):gsub(plain(process.exec_path), "PROG")
    :gsub("lua5%.4", "PROG"):gsub("Lua [%d.]+  Copyright[^\n]*", "VERSION")
    :gsub("procrun [%d.]+ %(libuv[^\n]*", "VERSION"):gsub("/tmp/lua_%w+", "TMP"):gsub("0x%x+", "N")
  return (output:gsub("%d[%d.,e]*[KM]?", "N"):gsub("N%-%d+", "N"):gsub("%-N", "N"):gsub("%.", ""))
end

-- A copy of the suite for one run, whose files it may write.
local function prepare(program, without)
  local dir = assert(fs.temp_dir("lua-suite"))
  proc.run("cp", {"-R", suite .. "/.", dir.path}):check()
  for _, file in ipairs(fs.readdir(suite)) do
    if file:find("%.lua$") then adapt(dir.path, file, program, without) end
  end
  return dir
end

--- run(program, name, mode, [without]) -> true, output | false, what went wrong
local function run(program, name, mode, without)
  local dir <close> = prepare(program, without)
  local result = proc.run(program, {"-e", mode[2], name},
    {cwd = dir.path, input = "", stderr = "stdout", timeout = LIMIT})
  local output = normal(result.stdout, dir.path)
  if result.ok then return true, output end
  return false, (tostring(result):gsub("\n.*", "")) .. ": " .. output:sub(-300)
end

-- The first line that differs.
local function compare(a, b)
  local next_b = b:gmatch("[^\n]*")
  for line in a:gmatch("[^\n]*") do
    local other = next_b()
    if line ~= other then return ("prints %q, lua5.4 %q"):format(other or "nothing more", line) end
  end
  return "prints more than lua5.4"
end

--- check_file(name, mode, [without]) -> true | false, why
local function check_file(name, mode, without)
  local ok, expected = run("lua5.4", name, mode)
  if not ok then return false, "lua5.4: " .. expected end
  local output
  ok, output = run(process.exec_path, name, mode, without)
  if not ok then return false, output end
  if output ~= expected then return false, compare(expected, output) end
  return true
end

-- A difference is needed in one mode at least.
local function check_difference(d)
  for _, mode in ipairs(MODES) do
    local applies = not mode.only or mode.only == d.file
    if applies and not check_file(d.file, mode, d) then return true end
  end
  return false, ("passes without the difference listed: %s"):format(d.why)
end

local function list_cases()
  local cases = {}
  local names = fs.readdir(suite)
  table.sort(names)
  for _, name in ipairs(names) do
    for _, mode in ipairs(MODES) do
      local wanted = name:find("%.lua$") and not NOT_ALONE[name]
      if wanted and not (mode.only and mode.only ~= name) then
        cases[#cases + 1] = {what = name .. ", " .. mode[1], check_file, name, mode}
      end
    end
  end
  for _, d in ipairs(differences) do
    if not d.both then
      cases[#cases + 1] = {what = d.file .. " differs", note = d.why, check_difference, d}
    end
  end
  return cases
end

-- As the makefile of the suite has it.
local BUILD = [[cd "$1/libs" && for lib in lib1 lib11 lib2 lib21 lib2-v2=lib22; do
  ${CC:-cc} -fPIC -shared $(pkg-config --cflags lua5.4) -o "${lib%=*}.so" "${lib#*=}.c"
done]]

local function copy_suite(from)
  local dir = assert(fs.temp_dir("lua-suite"))
  proc.run("cp", {"-R", from .. "/.", dir.path}):check()
  proc.run("sh", {"-ec", BUILD, "sh", dir.path}):check()
  return dir
end

local function main()
  local copy <close> = copy_suite(assert(fs.realpath(arg[1])))
  suite = copy.path
  local passed, failed = 0, 0
  task.map(list_cases(), 2, function(case)
    local ok, why = case[1](case[2], case[3])
    passed, failed = passed + (ok and 1 or 0), failed + (ok and 0 or 1)
    print(("%-6s %-26s %s"):format(ok and "ok" or "FAILED", case.what, why or case.note or ""))
  end)
  print(("%d passed, %d failed"):format(passed, failed))
  return failed == 0
end

process.exit(main() and 0 or 1)
