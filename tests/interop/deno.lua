-- Deno at the other end, in both roles. Its integers beyond 2^53 are BigInts, and exact.
-- timeout: 300
require "tests.lib.javascript".check("deno", "bigint 9007199254740993")
