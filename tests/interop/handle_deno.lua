-- Handles between procrun and a child of Deno: a server is shared, and a socket comes back.
-- timeout: 100
require "tests.lib.javascript".handles "deno"
