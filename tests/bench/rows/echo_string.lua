-- echo_string.lua - a message that is one string of 4 MB goes to a worker and back. The C program
-- moves as many bytes without a look at them.

return {
  name = "echo_string",
  title = "echo of a 4 MB string message",
  unit = "MB/s",
  better = "more",
  goal = { { at_least = 3, of = "node" }, { at_least = 1, of = "bun" } },
  subjects = function(tools)
    local list = tools:subjects("channel", "echo_string", { 20, node = 4, deno = 4, python = 4,
      luv = 4 })
    list[#list + 1] = { name = "procrun's codec alone",
      command = tools:command("procrun", "codec", "string", 20) }
    return list
  end,
}
