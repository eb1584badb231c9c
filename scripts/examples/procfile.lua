#!/usr/bin/env procrun
-- procfile.lua - runs all that a Procfile names, side by side with prefixed output; when one ends,
-- or on Ctrl-C, all of them are stopped.

local cli, fs, sh = require "cli", require "fs", require "sh"

local opt = cli.args [[
usage: procfile.lua [options] [<name>...]

Runs the programs of a Procfile ("name: shell command" lines), or only those that are named.

  -f, --file FILE    the Procfile (default Procfile)
  -e, --env FILE     NAME=value lines for all of them (default .env)
  -p, --port N       PORT for the first one, a hundred more for each other (default 5000)
  -r, --restart      start again what fails, later and later
  <name>...          which ones]]

local env = {}
for name, value in (fs.read(opt.env) or ""):gmatch "%f[^\n\0]([%a_][%w_]*)=([^\n]*)" do
  env[name] = value
end

local wanted = {}
for _, name in ipairs(opt.name) do wanted[name] = true end

local programs = {}
local text = fs.read(opt.file) or sh.fail("there is no " .. opt.file, 2)
for name, command in text:gmatch "%f[^\n\0]([%w_-]+):%s*([^\n]+)" do
  if #opt.name == 0 or wanted[name] then
    wanted[name] = nil
    programs[#programs + 1] = { name = name, command = command, port = opt.port + 100 * #programs }
  end
end
for name in pairs(wanted) do sh.fail(("%s has no '%s'"):format(opt.file, name), 2) end
if #programs == 0 then sh.fail(opt.file .. " names no program", 2) end

local function run(program)
  local port = { PORT = program.port }
  sh.run { "sh", "-c", program.command, label = program.name, extend_env = port }
end

local _ <close> = sh.setenv(env)
sh.map(programs, #programs, function(program)
  local again = { times = math.huge, delay = "0.5s", max = "30s", reset = "1m" }
  function again.on(_, err, wait)
    cli.log.warn("%s: %s; again in %.1f s", program.name, err.message, wait)
  end
  if opt.restart then sh.retry(again, run, program) else run(program) end
  sh.fail(program.name .. " has ended, so all do", 1)
end)
