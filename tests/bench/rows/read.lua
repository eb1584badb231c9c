-- read.lua - what a child writes in blocks of 64 KiB is read and its bytes are counted; the child
-- is c/writer.c for everybody. The C program reads 64 KiB at a time into one buffer.

return {
  name = "read",
  title = "reading 1 GB of a child's output",
  unit = "MB/s",
  better = "more",
  goal = { { at_least = 0.95, of = "c" } },
  subjects = function(tools) return tools:subjects("spawn", "read", 1000, tools:c("writer")) end,
}
