-- lrexlib in its five forms: replacing by a function, captures, errors.
local rock = require "tests.lib.rock"

rock.need("lua-rex-pcre2, -gnu, -onig, -posix and -tre",
  "rex_pcre2", "rex_gnu", "rex_onig", "rex_posix", "rex_tre")
rock.same [[
for _, name in ipairs {"rex_pcre2", "rex_gnu", "rex_onig", "rex_posix", "rex_tre"} do
  local rex = require(name)
  print(name, rex.gsub("a1b22", "[0-9]+", function(d) return "<" .. d .. ">" end))
  print(rex.match("key=val", "([a-z]+)=([a-z]+)"))
  print((pcall(rex.new, "(")))
end]]
