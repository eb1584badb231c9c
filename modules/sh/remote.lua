-- remote.lua - commands on another host by ssh: each word is quoted for the far shell.
-- local web = sh.remote("web1"); web.run("mv", old, new)

local misuse = require "procrun.events.misuse"
local options = require "procrun.sh.options"
local quote = require "procrun.proc.command".quote
local with = require "procrun.sh.with"
local words = require "procrun.sh.words"

local M = {}

local function check_name(what, value)
  if type(value) ~= "string" or value == "" then
    misuse("sh.remote: %s: a name expected, got %s", what, value == "" and "''" or type(value))
  elseif value:find("^%-") or value:find("[%s%c]") then
    misuse("sh.remote: %s: %q is no name: it would be an option, or several words, to ssh", what,
      value)
  end
  return value
end

-- ssh = {"-i", key}: options for ssh; {"autossh", "-q"}: another program, and its options.
local function program_of(ssh)
  if ssh == nil then return { "ssh" } end
  if type(ssh) == "string" and ssh ~= "" then return { ssh } end
  if type(ssh) ~= "table" then
    misuse("sh.remote: ssh: a list of words for ssh expected, got %s", type(ssh))
  end
  local argv = words.exact("sh.remote", ssh)
  for key in pairs(ssh) do
    if type(key) == "string" then misuse("sh.remote: ssh: '%s' is no index of a list", key) end
  end
  if not argv[1] or argv[1]:find("^%-") then table.insert(argv, 1, "ssh") end
  return argv
end

local KNOWN <const> = { host = true, user = true, port = true, ssh = true }

local function target_of(host)
  if type(host) == "string" then return { "ssh", check_name("host", host) } end
  if type(host) ~= "table" then
    misuse("sh.remote: a host, or {host =, user =, port =, ssh =} expected, got %s", type(host))
  end
  for key in pairs(host) do
    if not KNOWN[key] then
      misuse("sh.remote: unknown key '%s' of the host (known: host, port, ssh, user); options are "
        .. "the next argument", tostring(key))
    end
  end
  local argv = program_of(host.ssh)
  if host.port ~= nil then
    local port = math.tointeger(host.port)
    if not port or port < 1 or port > 65535 then
      misuse("sh.remote: port: an integer from 1 to 65535 expected, got %s", tostring(host.port))
    end
    table.move({ "-p", tostring(port) }, 1, 2, #argv + 1, argv)
  end
  local user = host.user ~= nil and check_name("user", host.user) .. "@" or ""
  argv[#argv + 1] = user .. check_name("host", host.host)
  return argv
end

--- remote(parent | nil, host, [options]) -> with
function M.remote(parent, host, more)
  local layer = { words = target_of(host), remote = true }
  if more == nil then return with.extend(parent, layer) end
  if type(more) ~= "table" then
    misuse("sh.remote: options: table expected, got %s", type(more))
  end
  local argv, masked = words.exact("sh.remote", more)
  local self = with.extend(parent, layer, options.read("sh.remote", more))
  if not argv[1] then return self end
  return with.extend(self, { words = argv, masked = masked })
end

-- The far shell sees one line: the working directory and the environment are for over there.
local function line_of(list, o, show)
  local line = {}
  if o.cwd then line[1] = "cd " .. quote(o.cwd:find("^%-") and "./" .. o.cwd or o.cwd) .. " &&" end
  local names = require "procrun.sh.environment".words(o, show)
  for _, word in ipairs(names) do line[#line + 1] = quote(word) end
  -- where it begins with -, ssh would take it for an option of its own
  local first = quote(list[1])
  line[#line + 1] = #line == 0 and first:find("^%-") and "'" .. first .. "'" or first
  for i = 2, #list do line[#line + 1] = quote(list[i]) end
  return table.concat(line, " ")
end

--- wrap(fname, argv, masked, options) -> argv, masked argv: the one word for the far shell. cwd and
--- the environment are taken out of the options.
function M.wrap(fname, argv, masked, o)
  require "procrun.sh.environment".check(fname, o)
  local line, shown = line_of(argv, o), line_of(masked or argv, o, true)
  o.cwd, o.env, o.extend_env = nil, nil, nil
  return { line }, line ~= shown and { shown } or nil
end

return M
