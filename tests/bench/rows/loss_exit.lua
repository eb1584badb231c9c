-- loss_exit.lua - a worker that sends 20,000 messages and exits at once: how many arrive.

return {
  name = "loss_exit",
  title = "child sends 20,000 messages and exits at once",
  unit = "arrived",
  better = "more",
  seconds = 6,
  goal = { { at_least = 20000 } },
  subjects = function(tools)
    return tools:subjects("channel", "loss_exit", { 20000, c = false })
  end,
}
