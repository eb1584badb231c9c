-- sshd.lua - a real sshd on loopback, with keys and settings of its own, for one test:
-- local sshd <close> = require "tests.lib.sshd".start(); proc.run(sshd.ssh[1], {...})
--
-- sshd.ssh: the words of an ssh that knows it and no other; the host's name is sshd.host. The PATH
-- of commands there is that of start{path = …}. Skips where Debian's openssh-server is missing, or
-- does not start.

local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local service = require "tests.lib.service"
local task = require "procrun.task"

local M = {}

local SERVER <const> = "/usr/sbin/sshd"

local Sshd = {}
Sshd.__index = Sshd

local function keygen(file)
  proc.run("ssh-keygen", { "-q", "-t", "ed25519", "-N", "", "-f", file }):check()
  assert(fs.chmod(file, tonumber("600", 8)))
end

local SETTINGS <const> = [[
ListenAddress 127.0.0.1
Port %d
HostKey %s/host
PidFile none
AuthorizedKeysFile %s/user.pub
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
SetEnv PATH=%s
]]

local CLIENT <const> = [[
Host %s
  HostName 127.0.0.1
  Port %d
  User %s
  IdentityFile %s/user
  IdentitiesOnly yes
  UserKnownHostsFile %s/known
  StrictHostKeyChecking no
  BatchMode yes
  LogLevel ERROR
]]

local function await(self)
  local answer
  for _ = 1, 100 do
    if self.server.result then break end
    local words = table.move(self.ssh, 1, #self.ssh, 1, {})
    words[#words + 1], words[#words + 2] = self.host, "true"
    answer = proc.run(words, { timeout = "20s" })
    if answer.ok then return end
    task.sleep "50ms"
  end
  local said = check.read(self.dir .. "/log")
  service.skip(("sshd does not serve here: %s\n%s"):format(answer, said))
end

--- start([{path = of commands there}]) -> sshd
function M.start(options)
  if not fs.exists(SERVER) then service.skip "no /usr/sbin/sshd here (Debian's openssh-server)" end
  local temp = assert(fs.temp_dir "sshd")
  local dir, port, host = temp.path, service.free_ports(1), "loopback"
  keygen(dir .. "/host")
  keygen(dir .. "/user")
  local path = options and options.path or os.getenv "PATH"
  check.write(dir .. "/sshd_config", SETTINGS:format(port, dir, dir, path))
  local user = proc.run("id", { "-un" }):check():text()
  check.write(dir .. "/ssh_config", CLIENT:format(host, port, user, dir, dir))
  fs.mkdir_p "/run/sshd" -- its privilege separation wants that, where it is root; else it does not
  local log <close> = assert(io.open(dir .. "/log", "w"))
  local server = assert(proc.spawn(SERVER, { "-D", "-e", "-f", dir .. "/sshd_config" },
    { stdin = "ignore", stdout = log, stderr = "stdout", autokill = true }))
  local self = setmetatable({ temp = temp, dir = dir, port = port, host = host, server = server,
    ssh = { "ssh", "-F", dir .. "/ssh_config" } }, Sshd)
  await(self)
  return self
end

--- close(): the server and all it serves end
function Sshd:close()
  getmetatable(self.server).__close(self.server)
  self.temp:remove()
end
Sshd.__close = Sshd.close

return M
