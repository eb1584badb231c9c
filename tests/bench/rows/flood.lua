-- flood.lua - a worker sends objects of 50 bytes as fast as it can; all are counted. The C program
-- moves the bytes and looks for the ends of lines.

return {
  name = "flood",
  title = "flood child → parent, 50-byte objects",
  unit = "messages/s",
  better = "more",
  goal = { { at_least = 1000000 } },
  seconds = 16,
  subjects = function(tools)
    local list = tools:subjects("channel", "flood",
      { 500000, c = 2000000, bun = 200000, node = 60000, deno = 20000, python = 30000,
        luv = 30000 })
    list[#list + 1] = { name = "procrun with receive",
      command = tools:command("procrun", "channel", "flood_receive", 500000) }
    return list
  end,
}
