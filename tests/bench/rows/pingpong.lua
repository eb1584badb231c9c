-- pingpong.lua - one small message in flight: {"n":1} goes to a worker and back, again and again.

return {
  name = "pingpong",
  title = "ping-pong, one small message in flight",
  unit = "round trips/s",
  better = "more",
  goal = { { at_least = 0.85, of = "c" }, { at_least = 1, of = "peers" } },
  subjects = function(tools)
    local list = tools:subjects("channel", "pingpong", { 10000, c = 50000 })
    list[#list + 1] = { name = "C with epoll",
      command = tools:command("c", "channel", "pingpong_epoll", 50000) }
    list[#list + 1] = { name = "procrun with listeners",
      command = tools:command("procrun", "channel", "pingpong_events", 10000) }
    return list
  end,
}
