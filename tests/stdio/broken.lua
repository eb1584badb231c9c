-- The reader goes away: quietly ended by SIGPIPE, however it was written; <close> has run.
if arg[1] then
  local _ <close> = setmetatable({}, {__close = function()
    require "procrun.task".sleep(0.001)
    io.stderr:write("closed\n")
    print("to nobody")
  end})
  local ways = {
    print = print,
    write = io.write,
    stream = function(text) process.stdout:write(text, "\n") end,
    sort = function(text)
      local t = {}
      for i = 1, 100 do t[i] = i end
      table.sort(t, function(a, b)
        print(text)
        return a > b
      end)
    end,
    task = function(text)
      local t = require "procrun.task".spawn(function() while true do print(text) end end)
      t:wait()
    end,
  }
  while true do ways[arg[1]](("y"):rep(100)) end
end
for _, how in ipairs { "print", "write", "stream", "sort", "task" } do
  local command = "{ { timeout 20 '%s' '%s' %s 2>&3; echo $? >&3; } | head -c 9 >/dev/null; } 3>&1"
  local pipe = assert(io.popen(command:format(arg[-1], arg[0], how)))
  local text = pipe:read("a")
  assert(text == "closed\n141\n", how .. ": " .. text)
  pipe:close()
end
