-- echo_string.lua - a message that is one string of 4 MB goes to a worker and back. The C program
-- moves as many bytes without a look at them.

return {
  name = "echo_string",
  title = "echo of a 4 MB string message",
  unit = "MB/s",
  better = "more",
  goal = { { at_least = 3, of = "node" }, { at_least = 1, of = "bun" } },
  subjects = function(tools) return tools:subjects("channel", "echo_string", 10) end,
}
