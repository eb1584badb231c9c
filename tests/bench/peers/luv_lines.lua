-- luv_lines.lua - cuts what comes over a stream of luv into lines: returns
-- lines(stream, on_line, on_end).

return function(stream, on_line, on_end)
  local parts, count = {}, 0
  local function take(chunk)
    local from, at = 1, chunk:find("\n", 1, true)
    while at do
      local line = chunk:sub(from, at - 1)
      if count > 0 then
        parts[count + 1] = line
        line, count, parts = table.concat(parts), 0, {}
      end
      on_line(line)
      from = at + 1
      at = chunk:find("\n", from, true)
    end
    if from <= #chunk then
      count = count + 1
      parts[count] = chunk:sub(from)
    end
  end
  stream:read_start(function(_, chunk)
    if chunk then return take(chunk) end
    stream:read_stop()
    on_end()
  end)
end
