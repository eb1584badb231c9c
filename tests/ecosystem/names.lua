-- Rocks with the names of built-in modules: what a bare name means, and how to have either.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local names = {"fs", "path", "events", "task", "stream", "signal", "timer", "process", "json",
  "net", "proc", "sync", "tty", "pipe", "channel"}
local rocks = check.tmp "rocks"
for _, name in ipairs(names) do
  assert(fs.mkdir_p(rocks .. "/" .. name))
  -- A rock that asks for a part of its own, by its whole name.
  check.write(rocks .. "/" .. name .. "/init.lua",
    ("return {rock = %q, part = require '%s.part'}"):format(name, name))
  check.write(rocks .. "/" .. name .. "/part.lua", "return ...")
end

local function run(args, env)
  env = env or {}
  env.LUA_PATH = rocks .. "/?.lua;" .. rocks .. "/?/init.lua;;"
  return proc.run(process.exec_path, args, {extend_env = env}):check().stdout
end

local LIST <const> = ([[
  local built, rock = {}, {}
  for name in ("%s"):gmatch "%%a+" do
    local m = require(name)
    if rawget(m, "rock") then rock[#rock + 1] = m.part else built[#built + 1] = name end
    assert(require("procrun." .. name) == m or m.rock == name)
  end
  print(#built, #rock, table.concat(rock, " "))]]):format(table.concat(names, " "))
local parts = table.concat(names, ".part ") .. ".part"
local all_built, all_rocks = #names .. "\t0\t\n", "0\t" .. #names .. "\t" .. parts .. "\n"

check.eq(run {"-e", LIST}, all_built)
-- The parts of a rock are never taken for ours.
local PARTS <const> = "print((require 'json.part'), (require 'fs.part'))"
check.eq(run {"-e", PARTS}, "json.part\tfs.part\n")
-- Rocks first, everywhere: the built-in modules are looked for last. By the script, by LUA_INIT.
local LAST <const> = "table.insert(package.searchers, table.remove(package.searchers, 3))"
check.eq(run {"-e", LAST .. LIST}, all_rocks)
check.eq(run({"-e", LIST}, {LUA_INIT = LAST}), all_rocks)
check.eq(run {"-e", LAST .. "print(require 'sync'.rock, type(require 'procrun'))"}, "sync\ttable\n")
-- One of them: by the loader of its file, under its own name.
local ONE <const> = "package.preload.json = loadfile(package.searchpath('json', package.path))"
check.eq(run {"-e", ONE .. " print(require 'json'.rock, type(require 'fs'.readdir))"},
  "json\tfunction\n")
-- Beside each other: the built-in by its whole name.
check.eq(run {"-e", ONE .. " print(require 'json'.part, require 'procrun.json'.encode {1})"},
  "json.part\t[1]\n")
-- What stands first in package.searchers decides.
check.eq(run {"-e", [[table.insert(package.searchers, 1, function(name)
    local file = package.searchpath(name, package.path)
    if file then return loadfile(file), file end
  end) ]] .. LIST}, all_rocks)
