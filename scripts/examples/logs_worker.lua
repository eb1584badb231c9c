-- logs_worker.lua - the worker of logs.lua: counts what is in one log.

local fs, path, sh = require "fs", require "path", require "sh"

local UNPACK = { [".gz"] = "gzip -dc", [".zst"] = "zstd -dc", [".xz"] = "xz -dc" }
-- host ident user [time] "method url protocol" status bytes …
local REQUEST = '^(%S+) %S+ %S+ %[.-%] "%u+ (%S+)[^"]*" (%d%d%d) (%S+)'

local function lines(file)
  local program = UNPACK[path.extension(file)]
  return program and sh.lines(sh.cmd(program):from(file)) or fs.lines(file)
end

return function(file)
  local found = { requests = 0, bytes = 0, unread = 0 }
  for _, kind in ipairs { "status", "url", "client", "failed" } do found[kind] = {} end
  local function count(kind, key)
    key = key:gsub("[^ -~]", function(byte) return ("%%%02X"):format(byte:byte()) end)
    found[kind][key] = (found[kind][key] or 0) + 1
  end
  for line in lines(file) do
    local client, url, status, bytes = line:match(REQUEST)
    if client then
      found.requests, found.bytes = found.requests + 1, found.bytes + (math.tointeger(bytes) or 0)
      url = url:match "^[^?]*"
      count("client", client)
      count("url", url)
      count("status", status)
      if status >= "500" then count("failed", url) end
    else
      found.unread = found.unread + 1
    end
  end
  return found
end
