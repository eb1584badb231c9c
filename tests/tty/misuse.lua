-- Misuse raises at the script's line and names function and argument.
local tty = require "procrun.tty"

local function fails(wanted, fn, ...)
  local args = table.pack(...)
  local ok, err = pcall(function()
    local result = fn(table.unpack(args, 1, args.n))
    return result
  end)
  assert(not ok and err:find("misuse.lua:%d+: ") and err:find(wanted, 1, true), err)
end

local closed = assert(io.open("/dev/null"))
closed:close()
fails("bad argument #1 to 'is_tty' (stream or descriptor expected, got string)", tty.is_tty, "0")
fails("bad argument #1 to 'size' (stream or descriptor expected, got table)", tty.size, {})
fails("bad argument #1 to 'size' (stream or descriptor expected, got -1)", tty.size, -1)
fails("bad argument #1 to 'size' (stream or descriptor expected, got number)", tty.size, 0.5)
fails("bad argument #1 to 'raw' (the file is closed)", tty.raw, closed)
fails("bad argument #1 to 'raw' (the stream is closed)", tty.raw, { fileno = function() end })
fails("bad argument #1 to 'set_raw' (boolean expected, got nil)", tty.set_raw)
fails("bad argument #2 to 'set_raw' (stream or descriptor expected", tty.set_raw, true, "tty")
