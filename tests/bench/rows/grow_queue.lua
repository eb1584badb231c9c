-- grow_queue.lua - messages received out of an inbox where so many lie.
return {
  name = "grow_queue",
  title = "receive a message, with unread ones",
  unit = "ns",
  better = "less",
  seconds = 4,
  sizes = { 1, 100, 10000, 100000 },
  subjects = function(tools, size) return tools:subjects("grow_queue", size) end,
}
