-- grow_fds.lua - a child started and waited for beside so many open descriptors.
return {
  name = "grow_fds",
  title = "a child, beside open descriptors",
  unit = "us",
  better = "less",
  seconds = 5,
  sizes = { 0, 1000, 10000 },
  subjects = function(tools, size) return tools:subjects("grow_spawn", "fds", size) end,
}
