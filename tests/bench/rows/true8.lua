-- true8.lua - /bin/true without standard streams, started and waited for, eight at a time.

return {
  name = "true8",
  title = "/bin/true, 8 at a time",
  unit = "per s",
  better = "more",
  goal = { { at_least = 0.9, of = "c" } },
  subjects = function(tools)
    local counts = { 1000, node = 300, deno = 500 }
    local list = tools:subjects("spawn", "true8", counts)
    list[#list + 1] = { name = "procrun with run and its output",
      command = tools:command("procrun", "spawn", "true8_run", 1000) }
    return list
  end,
}
