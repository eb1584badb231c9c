-- exec.lua - a command for the shell with its output, one after the other.

return {
  name = "exec",
  title = "exec('echo hi'), one after another",
  unit = "per s",
  better = "more",
  goal = { { at_least = 0.9, of = "c" } },
  subjects = function(tools)
    return tools:subjects("spawn", "exec", { 500, node = 200, deno = 300 })
  end,
}
