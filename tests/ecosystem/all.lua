-- Every module for Lua 5.4 that is installed here, C and Lua, loads as it does with lua, all of
-- them into one program.
-- build: no-sanitize
local rock = require "tests.lib.rock"
local check = require "tests.lib.check"
local fs = require "procrun.fs"

rock.need("lua5.4")
local names, seen = {}, {}
local function add(dir, prefix, ending)
  for _, entry in ipairs(fs.readdir(dir) or {}) do
    local name = entry:match("^(.*)%." .. ending .. "$")
    if name and not seen[prefix .. name] then
      seen[prefix .. name] = true
      names[#names + 1] = name == "init" and prefix:sub(1, -2) or prefix .. name
    elseif not name and fs.stat(dir .. "/" .. entry).type == "directory" then
      add(dir .. "/" .. entry, prefix .. entry .. ".", ending)
    end
  end
end
for dir in package.path:gmatch "(/usr/share/lua/5%.4)/%?%.lua" do add(dir, "", "lua") end
for dir in package.cpath:gmatch "(/usr/lib/[^;]*lua/5%.4)/%?%.so" do add(dir, "", "so") end

-- Programs that run when they are loaded, and descriptions that are no programs.
local SKIP <const> = {["ssl.options"] = true, ["pl.strict"] = true, ["term.cursor"] = true,
  ["cqueues.socket.debug"] = true, ["busted.runner"] = true}
local list = {}
for _, name in ipairs(names) do
  if not SKIP[name] and not name:find "^ldoc%.builtin" then list[#list + 1] = name end
end
table.sort(list)
check.write(check.tmp "list", table.concat(list, "\n") .. "\n")
local r = rock.same [[
  local count = 0
  for name in io.lines(os.getenv "TMPDIR" .. "/list") do
    local ok, message = pcall(require, name)
    count = count + 1
    print(name, ok, ok and type(message) or tostring(message):match "^[^\n]*")
  end
  print(count)
  os.exit(0)]]
local count = tonumber(r.stdout:match("(%d+)\n$"))
check.eq(count, #list)
if count == 0 then
  print("skip: no modules for Lua 5.4 are installed")
  os.exit(77)
end
