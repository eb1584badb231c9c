-- memory.lua - an idle forked worker that has answered a message: its memory, the mean of several.
-- What they share counts in parts, so fewer of a kind look bigger. For C it is a program that is
-- Lua and libuv and nothing else.

return {
  name = "memory",
  title = "memory of an idle worker",
  unit = "kB",
  better = "less",
  seconds = 14,
  measures = {
    { key = "value", title = "memory of an idle worker: PSS", goal = { { at_most = 300 } } },
    { key = "private", title = "memory of an idle worker: private dirty",
      goal = { { at_most = 250 } } },
  },
  subjects = function(tools)
    return tools:subjects("memory", { 100, node = 20, bun = 20, python = 20, deno = 10 },
      tools:c("bare"))
  end,
}
