-- lua-zlib: there and back, and its checksum.
local rock = require "tests.lib.rock"

rock.need("lua-zlib", "zlib")
rock.same [[
local zlib = require "zlib"
local text = ("procrun "):rep(1000)
local packed = zlib.deflate()(text, "finish")
print(#packed < #text, (zlib.inflate()(packed)) == text, zlib.crc32()(text))
print(pcall(zlib.inflate(), "rubbish"))]]
