-- terminal.lua - runs a program of a test on a terminal: text, ok = terminal.run(command, [feed]);
-- where script(1) is missing, it prints so and ends the test as skipped.
local M = {}

--- run(command, [feed]) -> what stood on the terminal, whether it ended well
-- feed: a shell command whose output is typed; nothing is without it
function M.run(command, feed)
  if not os.execute("script --version >/dev/null 2>&1") then
    print("skip: script(1) is not installed")
    os.exit(77)
  end
  local line = ([[script -qec "%s" /dev/null]]):format(command)
  line = feed and feed .. " | " .. line or line .. " </dev/null"
  local pipe = assert(io.popen(line))
  local text = pipe:read("a")
  return text, pipe:close()
end

return M
