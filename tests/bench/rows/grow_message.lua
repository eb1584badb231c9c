-- grow_message.lua - a message of so many bytes to a worker, and the answer that it is there.
return {
  name = "grow_message",
  title = "a message of",
  unit = "us",
  better = "less",
  seconds = 8,
  sizes = { 100, 10000, 1000000, 64000000 },
  size_unit = "bytes",
  measures = {
    { key = "string", title = "one string" },
    { key = "structured", title = "many objects" },
  },
  subjects = function(tools, size) return tools:subjects("grow_message", size) end,
}
