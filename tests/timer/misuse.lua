-- Misuse raises at the script's line and names function and argument.
local timer = require "procrun.timer"

local function fails(wanted, fn, ...)
  local args = table.pack(...)
  local ok, err = pcall(function()
    local result = fn(table.unpack(args, 1, args.n))
    return result
  end)
  assert(not ok and err:find("misuse.lua:%d+: ") and err:find(wanted, 1, true), err)
end

fails("bad argument #1 to 'after' (time expected", timer.after, -1, print)
fails("bad argument #1 to 'every' (time expected", timer.every, "1 parsec", print)
fails("bad argument #1 to 'after' (time expected", timer.after, nil, print)
fails("bad argument #1 to 'after' (time expected", timer.after, 0 / 0, print)
fails("bad argument #2 to 'after' (function expected, got no value)", timer.after, 1)
fails("bad argument #2 to 'every' (function expected, got string)", timer.every, 1, "print")

local t <close> = timer.after(60, print)
for _, method in ipairs { "cancel", "active", "ref", "unref" } do
  fails("bad call to '" .. method .. "'", t[method])
end
