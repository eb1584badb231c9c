-- Misuse raises at the script's line and names function and argument.
local signal = require "procrun.signal"

local function fails(wanted, fn, ...)
  local args = table.pack(...)
  local ok, err = pcall(function()
    local result = fn(table.unpack(args, 1, args.n))
    return result
  end)
  assert(not ok and err:find("misuse.lua:%d+: ") and err:find(wanted, 1, true), err)
end

fails("bad argument #1 to 'wait' (signal expected, got nil)", signal.wait)
fails("bad argument #1 to 'wait' (unknown signal 'TREM'", signal.wait, "TREM", 0)
fails("bad argument #1 to 'wait' (unknown signal 'TREM'", signal.wait, { "INT", "TREM" }, 0)
fails("bad argument #1 to 'wait' (unknown signal '0'", signal.wait, 0, 0)
fails("bad argument #1 to 'wait' (the list is empty)", signal.wait, {}, 0)
fails("bad argument #1 to 'wait' (signal expected, got table)", signal.wait, { {} }, 0)
fails("bad argument #2 to 'wait' (time expected", signal.wait, "INT", -1)
fails("bad argument #2 to 'wait' (time expected", signal.wait, "INT", "5 parsec")
fails("bad argument #2 to 'wait' (unknown signal 'soon'", signal.wait, "INT", "soon")
fails("bad argument #2 to 'open' (signal expected, got boolean)", signal.open, "INT", true)
fails("bad argument #1 to 'number' (signal name expected, got number)", signal.number, 15)
fails("bad argument #1 to 'name' (signal number expected, got string)", signal.name, "15")

local s <close> = assert(signal.open("USR1"))
fails("bad argument #1 to 'wait' (time expected", s.wait, s, {})
fails("bad call to 'wait'", s.wait)
fails("bad call to 'close'", s.close)
