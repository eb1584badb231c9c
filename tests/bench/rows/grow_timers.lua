-- grow_timers.lua - so many timers at once.
return {
  name = "grow_timers",
  title = "timers",
  unit = "us each",
  better = "less",
  seconds = 3,
  sizes = { 1000, 30000, 1000000 },
  measures = {
    { key = "make", title = "to make" },
    { key = "run", title = "to fire" },
    { key = "bytes", title = "memory", unit = "bytes each" },
  },
  subjects = function(tools, size) return tools:subjects("grow_timers", size) end,
}
