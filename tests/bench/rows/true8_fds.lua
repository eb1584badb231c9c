-- true8_fds.lua - as true8, by a parent that has 10,000 open descriptors.

return {
  name = "true8_fds",
  title = "the same with 10,000 open descriptors",
  unit = "per s",
  better = "more",
  goal = { { at_least = 0.9, of = "few descriptors" } },
  subjects = function(tools)
    local list = tools:subjects("spawn", "true8_fds", { 800, node = 200, c = 400, bun = 300 })
    for _, subject in ipairs(list) do
      subject.command = { "sh", "-c", 'ulimit -n 10500 && exec "$0" "$@"',
        table.unpack(subject.command) }
    end
    list[#list + 1] = { name = "few descriptors",
      command = tools:command("procrun", "spawn", "true8", 800) }
    return list
  end,
}
