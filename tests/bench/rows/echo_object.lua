-- echo_object.lua - a message of 36,000 objects, 4 MB of JSON, goes to a worker and back. The C
-- program moves as many bytes without a look at them.

return {
  name = "echo_object",
  title = "echo of a 4 MB structured message",
  unit = "MB/s",
  better = "more",
  seconds = 20,
  goal = { { at_least = 1.3, of = "node" } },
  subjects = function(tools)
    local list = tools:subjects("channel", "echo_object", { 3, c = 20, deno = 1 })
    list[#list + 1] = { name = "procrun's codec alone",
      command = tools:command("procrun", "codec", "object", 3) }
    list[#list + 1] = { name = "making the tables alone",
      command = tools:command("procrun", "codec", "tables", 3) }
    return list
  end,
}
