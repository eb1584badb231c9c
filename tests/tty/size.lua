-- On a terminal: is_tty by descriptor, file and stream; its size.
if arg[1] == "child" then
  local tty = require "procrun.tty"
  local stream = { fileno = function() return 0 end }
  for _, each in ipairs { 0, 1, io.stdin, io.stdout, io.stderr, stream } do
    assert(tty.is_tty(each) == true)
    local columns, rows = tty.size(each)
    assert(columns == 91 and rows == 33, columns)
  end
  assert(tty.is_tty() == true and select("#", tty.size()) == 2)
  assert(os.execute("stty rows 0 cols 0"))
  local value, _, code = tty.size()
  assert(value == nil and code == "ENODATA")
  print("in order")
  return
end
local terminal = require "tests.lib.terminal"
local command = ("stty cols 91 rows 33 && '%s' '%s' child"):format(arg[-1], arg[0])
local text, ok = terminal.run(command)
assert(ok and text:find("in order", 1, true), text)
