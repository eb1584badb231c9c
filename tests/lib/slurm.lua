-- slurm.lua - Slurm on this machine, one node, for one test: local slurm <close> =
-- require "tests.lib.slurm".start(); its srun finds it by slurm.env.
--
-- munged, slurmctld and slurmd run in the foreground with settings of their own in a temporary
-- folder, so no systemd is needed; below /tmp, since munge wants a path that is open to all. Skips
-- where Debian's slurm-wlm and munge are missing, or do not start.

local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local service = require "tests.lib.service"
local task = require "procrun.task"

local M = {}

local Slurm = {}
Slurm.__index = Slurm

local SETTINGS <const> = [[
ClusterName=procrun
SlurmctldHost=@host(127.0.0.1)
SlurmctldPort=@controller
SlurmdPort=@node
AuthType=auth/munge
AuthInfo=socket=@dir/munge/socket
CryptoType=crypto/munge
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=@dir/state
SlurmdSpoolDir=@dir/spool
SlurmctldPidFile=@dir/slurmctld.pid
SlurmdPidFile=@dir/slurmd.pid
SlurmctldLogFile=@dir/slurmctld.log
SlurmdLogFile=@dir/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SlurmdParameters=config_overrides
InactiveLimit=0
NodeName=@host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=all Nodes=@host Default=YES MaxTime=INFINITE State=UP
]]

local function daemon(self, name, words, env)
  local log <close> = assert(io.open(self.dir .. "/" .. name .. ".out", "w"))
  local child = assert(proc.spawn(words[1], table.move(words, 2, #words, 1, {}), { stdin = "ignore",
    stdout = log, stderr = "stdout", autokill = true, extend_env = env }))
  table.insert(self.daemons, 1, child)
  return child
end

local function logs(self)
  local text = {}
  for _, name in ipairs { "munged.out", "slurmctld.out", "slurmd.out" } do
    local said = fs.read(self.dir .. "/" .. name)
    if said and said ~= "" then text[#text + 1] = name .. ": " .. said:sub(-500) end
  end
  return table.concat(text, "\n")
end

local function settings(self, host)
  local dir = self.dir
  local controller, node = service.free_ports(2)
  local text = SETTINGS:gsub("@(%w+)", { dir = dir, host = host, controller = controller,
    node = node })
  check.write(dir .. "/slurm.conf", text)
  check.write(dir .. "/cgroup.conf", "CgroupPlugin=cgroup/v1\nConstrainCores=no\n")
end

local function await(self)
  local last
  for _ = 1, 12 do
    last = proc.run { "srun", "-n1", "true", extend_env = self.env, timeout = "5s" }
    if last.ok then return end
    task.sleep "200ms"
  end
  local why = ("Slurm does not start here: %s\n%s"):format(last:to_error().message, logs(self))
  self:close()
  service.skip(why)
end

--- start() -> slurm
function M.start()
  for _, name in ipairs { "slurmctld", "slurmd", "srun", "munged" } do
    if not proc.which(name) and not fs.exists("/usr/sbin/" .. name) then
      service.skip("no " .. name .. " here (Debian's slurm-wlm and munge)")
    end
  end
  if proc.info(process.pid).uid ~= 0 then service.skip "slurmd wants to be root" end
  local temp = assert(fs.temp_dir { prefix = "slurm", dir = "/tmp" })
  local dir = temp.path
  local self = setmetatable({ temp = temp, dir = dir, daemons = {},
    env = { SLURM_CONF = dir .. "/slurm.conf" } }, Slurm)
  for _, name in ipairs { "munge", "state", "spool" } do assert(fs.mkdir_p(dir .. "/" .. name)) end
  assert(fs.chmod(dir, tonumber("755", 8)))
  local random <close> = assert(io.open("/dev/urandom", "rb"))
  check.write(dir .. "/munge/key", random:read(1024))
  assert(fs.chmod(dir .. "/munge/key", tonumber("600", 8)))
  settings(self, (proc.system().hostname:match "^[^.]+"))
  daemon(self, "munged", { "/usr/sbin/munged", "--foreground",
    "--key-file=" .. dir .. "/munge/key", "--socket=" .. dir .. "/munge/socket",
    "--pid-file=" .. dir .. "/munge/pid", "--log-file=" .. dir .. "/munge/log",
    "--seed-file=" .. dir .. "/munge/seed" })
  daemon(self, "slurmctld", { "/usr/sbin/slurmctld", "-D", "-i" }, self.env)
  daemon(self, "slurmd", { "/usr/sbin/slurmd", "-D" }, self.env)
  await(self)
  return self
end

--- close(): its daemons end
function Slurm:close()
  for _, child in ipairs(self.daemons) do getmetatable(child).__close(child) end
  self.temp:remove()
end
Slurm.__close = Slurm.close

return M
