-- Handles between procrun and a child of Bun: a server is shared, and a socket comes back.
-- timeout: 100
require "tests.lib.javascript".handles "bun"
