-- Workers as tasks of Slurm: exec_path = {'srun', …}. One node on this machine.
-- timeout: 90
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local pool = require "procrun.pool"
local file = require "tests.lib.pool".file

local slurm <close> = require "tests.lib.slurm".start()
local procrun = assert(fs.realpath(os.getenv "PROCRUN"))

do
  local p <close> = assert(pool.new(file [[
    return {
      job = function() return os.getenv "SLURM_JOB_ID", process.pid end,
      square = function(x) return x * x end,
      raise = function() error "in a task of Slurm" end,
    }]], { size = 2, min = 2, exec_path = { "srun", "-n1", "--quiet", procrun },
      extend_env = slurm.env }))
  assert(tonumber((p:call "job")), "it is no job of Slurm")
  check.eq(table.concat(p:map("square", { 1, 2, 3, 4, 5, 6, 7, 8 }), " "), "1 4 9 16 25 36 49 64")
  local _, err = p:call "raise"
  check.matches(err.message, "worker1.lua:4: in a task of Slurm$")
  check.eq(err.host, "srun")
end

local p, message = pool.new(file "return print", { size = 1, min = 1,
  exec_path = { "srun", "--partition=none", procrun }, extend_env = slurm.env })
check.eq(p, nil)
check.has(message, "at srun cannot be started")
check.has(message, "invalid partition")
