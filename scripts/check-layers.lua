-- check-layers.lua [ROOT] - the layer picture of the README as a test; run by procrun or lua5.4.
-- Prints "file:line: what is wrong" for each violation and exits with 1 if there is one.

local root = arg[1] or "."

-- runtime/, from the ground up. A file belongs to the name before its first "_", unless it has an
-- entry of its own. It may include what stands below, and in its own line what stands on its left;
-- names joined by + share a place.
local LAYERS = {
  [0] = "embed late heap buf lines signame nofile json_number json_text json_scan width place "
    .. "alarm",
  [1] = "rt err opt adopt deadline turn json pace tick trace environment "
    .. "task+wait+protect+scope+coro+context bell exit vm dump signals leaks",
  [2] = "handle look req stream stdio footer file forked guest",
  [5] = "run main",
}
-- Rooms, from left to right: Lua files require rooms on their left, C files none.
local ROOMS = "events json task timer signal stream pipe tty fs path net sync channel process "
  .. "proc cli pool sh bundle repl procrun"
local TOP = "runtime modules scripts tests third_party meson.build meson_options.txt meson.options "
  .. "README.md LICENSE build"

local violations = {}
local function report(file, line, text, ...)
  violations[#violations + 1] = ("%s:%d: %s"):format(file, line, text:format(...))
end

local function set_of(words)
  local set, count = {}, 0
  for word in words:gmatch("%S+") do set[word], count = count + 1, count + 1 end
  return set
end

local rooms, top = set_of(ROOMS), set_of(TOP)
local place = {} -- name -> its layer, and its height where the position in the line counts
for layer, line in pairs(LAYERS) do
  for group, position in pairs(set_of(line)) do
    for name in group:gmatch("[^+]+") do
      place[name] = { layer = layer, height = layer * 100 + position }
    end
  end
end

local function place_of(file)
  local name = file:match("^runtime/([%w_]+)%.[ch]$")
  return name and (place[name] or place[name:match("^[^_]+")])
end

local function check_runtime(file, line, header, quoted)
  local this, other = place_of(file), place_of(header)
  if not quoted then
    local foreign = header:match("^lua") or header:match("^lauxlib") or header:match("^uv")
    if this.layer == 0 and foreign then report(file, line, "layer 0 knows no <%s>", header) end
  elseif header:find("^modules/") and this.layer == 5 then
    return
  elseif not other then
    report(file, line, "runtime includes only runtime/*.h, not %s", header)
  elseif other.height > this.height then
    report(file, line, "includes upwards or to the right: %s", header)
  end
end

local function check_module(file, line, header, quoted)
  local room, other = file:match("^modules/([^/]+)/"), place_of(header)
  if not quoted or header == "modules/modules.h" then return end
  if header == "config.h" then return end -- made by the build
  if other and other.layer < 5 then return end
  if room and header:match("^modules/([^/]+)/") == room then return end
  report(file, line, "a room includes runtime/*.h, modules/modules.h and its own: not %s", header)
end

local function check_require(file, line, name)
  local room = rooms[file:match("^modules/([^/]+)/") or ""]
  local first, second = name:match("^procrun%.([%w_]+)%.?([%w_]*)")
  if not first then
    report(file, line, "our own code requires only procrun.NAME, not %s", name)
    return
  end
  -- The C half of a room is procrun.core.ROOM; a core name that is no room is part of the runtime.
  local wanted = rooms[first == "core" and second or first]
  if not room or wanted and wanted <= room or first == "core" and not wanted then return end
  report(file, line, wanted and "requires a room on its right: %s" or "no such room: %s", name)
end

local function check_file(file)
  local number, is_lua, in_runtime = 0, file:match("%.lua$"), file:match("^runtime/")
  local room = file:match("^modules/([^/]+)/")
  if room and not rooms[room] then report(file, 1, "room %s has no place in the line", room) end
  if in_runtime and not is_lua and not place_of(file) then
    report(file, 1, "has no layer; give it one in scripts/check-layers.lua")
    return
  end
  for line in io.lines(root .. "/" .. file) do
    number = number + 1
    if is_lua then
      local code = line:gsub("^%s*%-%-.*", "")
      for _, name in code:gmatch("%f[%w_]require%s*%(?%s*([\"'])([%w_./-]+)%1") do
        check_require(file, number, name)
      end
    else
      local mark, header = line:match("^%s*#%s*include%s*([<\"])([^>\"]+)")
      local check = in_runtime and check_runtime or check_module
      if header then check(file, number, header, mark == '"') end
    end
  end
end

local function each_line(command)
  local pipe = assert(io.popen(("cd '%s' && %s"):format(root:gsub("'", "'\\''"), command)))
  local text = pipe:read("a")
  assert(pipe:close(), "check-layers: cannot list the files")
  return text:gmatch("[^\n]+")
end

for file in each_line("find runtime modules -name '*.[ch]' -o -name '*.lua' | sort") do
  check_file(file)
end
for name in each_line("ls -A") do
  if not top[name] and name:sub(1, 1) ~= "." then report(name, 1, "does not belong at the top") end
end
for _, violation in ipairs(violations) do print(violation) end
os.exit(#violations == 0)
