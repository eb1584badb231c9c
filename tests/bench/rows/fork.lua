-- fork.lua - a worker is started, gets a message, answers it and ends: all of it, one after the
-- other. The C program only starts an empty program and waits for its end.

return {
  name = "fork",
  title = "fork a worker, one message there and back, its end",
  unit = "ms",
  better = "less",
  goal = { { at_most = 1.8 }, { at_most = 0.25, of = "bun" } },
  subjects = function(tools)
    local list = tools:subjects("spawn", "fork",
      { 200, luv = 100, bun = 40, node = 5, deno = 8, python = 10 })
    list[1].command = { tools:c("start"), 200, tools:c("empty") }
    return list
  end,
}
