-- grow_tasks.lua - so many tasks at once.
return {
  name = "grow_tasks",
  title = "tasks",
  unit = "us each",
  better = "less",
  seconds = 3,
  sizes = { 1000, 30000, 1000000 },
  measures = {
    { key = "make", title = "to start, up to a wait" },
    { key = "run", title = "to go on and end" },
    { key = "bytes", title = "memory", unit = "bytes each" },
  },
  subjects = function(tools, size) return tools:subjects("grow_tasks", size) end,
}
