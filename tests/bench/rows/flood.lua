-- flood.lua - a worker sends objects of 50 bytes as fast as it can; all are counted. The C program
-- moves the bytes and looks for the ends of lines.

return {
  name = "flood",
  title = "flood child → parent, 50-byte objects",
  unit = "messages/s",
  better = "more",
  goal = { { at_least = 1000000 } },
  subjects = function(tools)
    local list = tools:subjects("channel", "flood",
      { 200000, c = 2000000, node = 100000, deno = 40000, python = 50000, luv = 50000 })
    list[#list + 1] = { name = "procrun with receive",
      command = tools:command("procrun", "channel", "flood_receive", 200000) }
    return list
  end,
}
