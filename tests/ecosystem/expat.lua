-- lxp: callbacks of a C library, and an error in one.
local rock = require "tests.lib.rock"

rock.need("lua-expat", "lxp", "lxp.lom")
rock.same [[
local lxp = require "lxp"
local parser = lxp.new {
  StartElement = function(_, name, attributes) print("start", name, attributes.id) end,
  CharacterData = function(_, text) print("text", text) end,
  EndElement = function(_, name) print("end", name) end,
}
print(parser:parse "<a id='1'><b>x &amp; y</b></a>")
print(parser:parse())
parser:close()
print(require "lxp.lom".parse "<r><x/></r>"[1].tag)
print(pcall(function()
  lxp.new {StartElement = function() error("in a callback", 0) end}:parse "<a/>"
end))]]
