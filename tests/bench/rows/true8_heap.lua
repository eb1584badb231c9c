-- true8_heap.lua - as true8, by a parent with a heap of 1 GB: strings of 64 kB, or buffers of 1 MB.

return {
  name = "true8_heap",
  title = "the same with a 1 GB heap",
  unit = "per s",
  better = "more",
  seconds = 16,
  goal = { { at_least = 0.9, of = "empty heap" } },
  subjects = function(tools)
    local list = tools:subjects("spawn", "true8_heap", { 800, node = 20, luv = 20, deno = 400 })
    list[#list + 1] = { name = "empty heap",
      command = tools:command("procrun", "spawn", "true8", 800) }
    return list
  end,
}
