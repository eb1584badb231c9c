-- Raw mode begins and ends with its guard, nested and in any order; set_raw keeps one guard.
if arg[1] == "child" then
  local tty = require "procrun.tty"
  local function state()
    local pipe = assert(io.popen("stty -a </dev/tty"))
    local text = pipe:read("a")
    pipe:close()
    local words = " " .. text:gsub("[;\n]", " ") .. " "
    local function has(flag) return words:find(" " .. flag .. " ", 1, true) end
    local raw = has("-icanon") and has("-echo") and has("-isig") and has("-icrnl") and has("onlcr")
    assert(raw or has("icanon") and has("isig") and has("icrnl"), text)
    return raw and "raw" or "cooked", text
  end

  local first, before = state()
  assert(first == "cooked")
  do
    local guard <close> = assert(tty.raw())
    assert(state() == "raw")
    guard:close()
    assert(state() == "cooked")
  end
  local a, b = assert(tty.raw(0)), assert(tty.raw(io.stdout))
  a:close()
  a:close()
  assert(state() == "raw")
  b:close()
  assert(state() == "cooked")
  for _ = 1, 2 do
    assert(tty.set_raw(true) == true and tty.set_raw(true, 1) == true)
    assert(state() == "raw")
    assert(tty.set_raw(false) == true and tty.set_raw(false) == true)
    assert(select(2, state()) == before)
  end
  print("in order")
  return
end
local terminal = require "tests.lib.terminal"
local command = ("'%s' '%s' child"):format(arg[-1], arg[0])
local text, ok = terminal.run(command)
assert(ok and text:find("in order", 1, true), text)
