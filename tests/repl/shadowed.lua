-- Whoever takes the name of a function or a library of Lua's for a value of his own loses that, and
-- not the prompt. `_` goes on after a result that is not equal to itself.
local repl = require "tests.lib.repl"

repl.each(function(t, library)
  t:answers("0/0", "^-?nan\n")
  t:answers("'after nan'", '^"after nan"\n')
  t:answers("_", '^"after nan"\n')
  for _, line in ipairs {"type, string, table = 'kind', 'text', {1, 2, 3}",
    "tostring = function() error 'hostile' end", "io.stdout, io.stderr, table.pack = nil",
    "for name in pairs(_G) do if name ~= '_G' then _G[name] = nil end end"} do
    t:answers(line, "^$")
    t:answers("{1, 'two', {0.5}}", '^{1, "two", {0.5}}\n')
    t:answers("=nothing.at.all", "attempt to index a nil value %(global 'nothing'%)")
    if library ~= "none" then
      t:send "whi\t"
      t:expect "while"
      t:send "\3"
      t:expect "> "
    end
  end
end)
