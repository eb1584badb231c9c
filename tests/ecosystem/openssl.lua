-- luaossl: digests, keys, random bytes; threads and signals of OpenSSL beside ours.
local rock = require "tests.lib.rock"

rock.need("lua-luaossl", "openssl.digest", "openssl.pkey", "openssl.rand")
rock.same [[
print((require "openssl.digest".new "sha256":final "abc"):byte(1, -1))
print(require "openssl.pkey".new {type = "EC", curve = "prime256v1"}:type())
print(#require "openssl.rand".bytes(16))]]
