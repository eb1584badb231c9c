-- Bun at the other end, in both roles.
-- timeout: 300
require "tests.lib.javascript".check("bun", "number 9007199254740992")
