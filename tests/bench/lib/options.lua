-- options.lua - the command line of scripts/bench.

local M = {}

M.help = [[
usage: scripts/bench [OPTION] …

  --only ROW    only this row, or the rows whose names begin so; may be given again
  --rounds N    exactly N rounds of every row; without it as many as its time allows
  --json        one JSON document on standard output; the table goes to standard error
  --list        the names of the rows
  --shell       instead of the rows: sh beside zx, Bun's shell, dax, execa, plumbum and bash
  --install     fetches bun, deno, zx, dax and execa with npm into build/peers first
  --help        this text

The exit status is 0 also when a goal is missed; 1 when a measurement failed.
]]

local function number_of(text)
  local n = math.tointeger(tonumber(text))
  if n and n >= 1 then return n end
  return nil, ("--rounds takes a number from 1 on, not '%s'"):format(text or "")
end

--- parse(list) -> {only =, rounds =, json =, list =, install =, shell =, help =} | nil, message
function M.parse(list)
  local options, i = { only = {} }, 1
  local flags = { ["--json"] = "json", ["--list"] = "list", ["--install"] = "install",
    ["--shell"] = "shell", ["--help"] = "help" }
  while i <= #list do
    local word, value = list[i], nil
    local name, inline = word:match("^(%-%-%a+)=(.*)$")
    if name then word, value = name, inline end
    if flags[word] and not value then
      options[flags[word]] = true
    elseif word == "--only" or word == "--rounds" then
      if not value then
        i = i + 1
        value = list[i]
      end
      if not value or value == "" then return nil, word .. " needs a value" end
      if word == "--only" then
        options.only[#options.only + 1] = value
      else
        local n, why = number_of(value)
        if not n then return nil, why end
        options.rounds = n
      end
    else
      return nil, ("unknown argument '%s'"):format(list[i])
    end
    i = i + 1
  end
  return options
end

return M
