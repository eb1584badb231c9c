-- start.lua - from the start of a program to its end, with a script that does nothing. The program
-- c/start.c starts all of them, so what the measuring costs is small and the same for all.

local M = {
  name = "start",
  title = "start of an empty script",
  unit = "ms",
  better = "less",
  goal = { { at_most = 1.6, of = "c" } },
}

local RUNS = { c = 200, procrun = 200, luv = 100, bun = 30, deno = 10, node = 5, python = 10 }

function M.subjects(tools)
  local list = {}
  for _, name in ipairs(tools.names) do
    local command = tools:command(name, "empty")
    if command then
      list[#list + 1] = { name = name,
        command = { tools:c("start"), RUNS[name], table.unpack(command) } }
    end
  end
  list[#list + 1] = { name = "Lua and libuv alone",
    command = { tools:c("start"), RUNS.c, tools:c("bare") } }
  return list
end

return M
