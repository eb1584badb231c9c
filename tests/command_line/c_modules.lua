-- C modules of the distribution load, bind to our Lua, and to nothing else of ours.
local found, missing = {}, {}
for _, name in ipairs {"lpeg", "cjson", "lfs", "luv"} do
  local ok, module = pcall(require, name)
  if ok then
    found[name] = module
  else
    assert(module:find("not found", 1, true), module)
    missing[#missing + 1] = name
  end
end
if not next(found) then
  print("skip: none of lua-lpeg, lua-cjson, lua-filesystem, lua-luv is installed")
  os.exit(77)
end
local lpeg, cjson, lfs, uv = found.lpeg, found.cjson, found.lfs, found.luv
if lpeg then assert(lpeg.match(lpeg.C(lpeg.R "az" ^ 1), "abc1") == "abc") end
-- Both of us use cJSON's name space or none: theirs decodes as it does, ours as it does.
if cjson then
  assert(math.type(cjson.decode("[1]")[1]) == "float" or cjson.decode("[1]")[1] == 1)
  assert(require "procrun.json".decode("[9007199254740993]")[1] == 9007199254740993)
end
if lfs then assert(lfs.currentdir() == process.cwd()) end
if uv then -- it has a libuv and a loop of its own
  local task = require "procrun.task"
  local ticks, ours = 0, 0
  local timer = uv.new_timer()
  timer:start(1, 1, function()
    ticks = ticks + 1
    if ticks == 3 then timer:close() end
  end)
  local t = task.spawn(function() for _ = 1, 3 do task.sleep("1ms") ours = ours + 1 end end)
  uv.run()
  t:wait()
  assert(ticks == 3 and ours == 3)
end
if #missing > 0 then print("not installed: " .. table.concat(missing, " ")) end
