-- peers.lua - other programs at the other end of a channel: peers.fork("node", source) -> child.
-- A peer is looked for on PATH and in build/peers, where scripts/bench --install puts it; without
-- it the test is skipped.

local check = require "tests.lib.check"
local fs = require "procrun.fs"
local path = require "procrun.path"
local proc = require "procrun.proc"

local M = {}

-- What stands in front of a script's name.
local ARGS = { node = {}, bun = { "run" }, deno = { "run", "--quiet", "--allow-all" } }
local VERSION = { node = 20, bun = 1, deno = 2 }
local count = 0

local function runs(file, least)
  local result = proc.run(file, { "--version" }, { timeout = 60 })
  return result.ok and tonumber(result.stdout:match "%d+") >= least
end

local function skip(text, ...)
  print(("skip: " .. text):format(...))
  os.exit(77)
end

local found = {}

--- path(name) -> the program
function M.path(name)
  if found[name] then return found[name] end
  local here = path.absolute("build/peers/node_modules/.bin/" .. name)
  local file = proc.which(name) or fs.exists(here) and here
  if not file then skip("%s is neither on PATH nor in build/peers", name) end
  if not runs(file, VERSION[name]) then
    skip("%s does not run, or is older than version %d", file, VERSION[name])
  end
  if name == "deno" then process.env.DENO_DIR = check.tmp "deno" end
  found[name] = file
  return file
end

--- script(source) -> path of a file that holds this JavaScript
function M.script(source)
  count = count + 1
  return check.write(check.tmp(("peer%d.cjs"):format(count)), source)
end

--- fork(name, source, [args], [options]) -> child: the program runs the script as our child
function M.fork(name, source, args, options)
  local plan = { exec_path = M.path(name), exec_args = ARGS[name] }
  for key, value in pairs(options or {}) do plan[key] = value end
  return assert(proc.fork(M.script(source), args or {}, plan))
end

-- In front of each parent: start(lua source) forks our worker, ended(child) tells its events and
-- how it ended, next(child) the next message; main(f) says "ok" after f.
local PARENT = [[
'use strict';
const { fork, spawn } = require('child_process');
const assert = require('assert');
const fs = require('fs');
const DIR = process.argv[2], PROCRUN = process.argv[3];
let files = 0;
const script = (source, ext = 'lua') => {
  const file = `${DIR}/worker${process.pid}-${++files}.${ext}`;
  fs.writeFileSync(file, source);
  return file;
};
const start = (source, args = [], options = {}) => { // Deno's fork only starts Deno
  if (!process.versions.deno) {
    return fork(script(source), args, { execPath: PROCRUN, execArgv: [], ...options });
  }
  const { silent, execArgv = [], ...others } = options;
  const stdio = silent ? ['pipe', 'pipe', 'pipe', 'ipc'] : ['inherit', 'inherit', 'inherit', 'ipc'];
  return spawn(PROCRUN, [...execArgv, script(source), ...args], { stdio, ...others });
};
const ended = (c, last = 'close') => new Promise((ok) => {
  const log = [];
  for (const e of ['disconnect', 'exit', 'close']) {
    c.on(e, (code, signal) => {
      log.push(e);
      if (e === last) ok({ log: log.join(' '), code, signal });
    });
  }
});
const next = (c) => new Promise((ok) => c.once('message', ok));
const main = async (f) => { await f(); console.log('ok'); };
]]

--- parent(name, source, [options]) -> result: the program runs the script, which forks our workers
function M.parent(name, source, options)
  local command = table.move(ARGS[name], 1, #ARGS[name], 2, { M.path(name) })
  local procrun = path.absolute(assert(os.getenv "PROCRUN"))
  local dir = path.absolute(check.tmp "")
  for _, arg in ipairs { M.script(PARENT .. source), dir, procrun } do
    command[#command + 1] = arg
  end
  options = options or {}
  options.timeout = options.timeout or 100
  return proc.run(command, options)
end

--- expect_ok(result): the parent has said "ok" and nothing else
function M.expect_ok(result)
  check.eq(result.stderr, "")
  check.eq(result.stdout, "ok\n")
  check.eq(result.code, 0)
end

return M
