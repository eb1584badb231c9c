-- grow_heap.lua - a child started and waited for beside a heap of so many bytes.
return {
  name = "grow_heap",
  title = "a child, beside a heap of",
  unit = "us",
  better = "less",
  seconds = 6,
  sizes = { 0, 100000000, 1000000000 },
  size_unit = "bytes",
  subjects = function(tools, size) return tools:subjects("grow_spawn", "heap", size) end,
}
