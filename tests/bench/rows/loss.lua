-- loss.lua - a worker that sends 20,000 messages and disconnects at once: how many arrive.

return {
  name = "loss",
  title = "child sends 20,000 messages and disconnects at once",
  unit = "arrived",
  better = "more",
  seconds = 6,
  goal = { { at_least = 20000 } },
  subjects = function(tools)
    return tools:subjects("channel", "loss", { 20000, c = false })
  end,
}
