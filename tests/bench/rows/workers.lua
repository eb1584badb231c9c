-- workers.lua - so many workers at once; tests/bench/workers.lua takes more of them by hand.
return {
  name = "workers",
  title = "workers",
  unit = "ms each",
  better = "less",
  seconds = 6,
  sizes = { 100, 300, 1000 },
  measures = {
    { key = "each_ms", title = "fork to end, a message and a broadcast" },
    { key = "messages", title = "messages of the broadcast", unit = "/s", better = "more" },
    { key = "parent", title = "memory of the parent", unit = "bytes each" },
    { key = "pss", title = "PSS of a worker", unit = "bytes" },
  },
  subjects = function(tools, size)
    return { { name = "procrun",
      command = { tools.procrun, tools.root .. "/tests/bench/workers.lua", size, "--json" } } }
  end,
}
