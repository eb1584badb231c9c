-- A forgotten colon is told, at the line of the script, by every method of a result.
local check = require "tests.lib.check"
local proc = require "procrun.proc"

local r = proc.run("echo", { "[]" })
for _, method in ipairs { "check", "text", "lines", "json", "to_error" } do
  for _, first in ipairs { false, "text", {} } do
    local err = check.raises(("call it with a colon: result:%s(...)"):format(method), function()
      r[method](first or nil)
    end)
    check.has(err, "result_colon.lua:9: ")
  end
end
check.eq(r:text(), "[]")
