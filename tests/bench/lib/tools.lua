-- tools.lua - the programs a row can use: ours, C programs built here, and peers that are here.

local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local M = {}
M.__index = M

-- Where a peer may be, and how it tells what it is: its own path (a name on PATH may be a slow
-- script in front of it) and its version, on two lines.
local JS = "console.log(process.execPath); console.log(process.versions.%s)"
local LUA = "local uv = require 'luv' print(uv.exepath()) "
  .. "print((jit and jit.version or _VERSION) .. ', luv ' .. uv.version_string())"
local PEERS = {
  { name = "node", files = { "node" }, args = { "-e", JS:format("node") } },
  { name = "bun", files = { "bun", "build/peers/node_modules/.bin/bun" },
    args = { "-e", JS:format("bun") } },
  { name = "deno", files = { "deno", "build/peers/node_modules/.bin/deno" },
    args = { "eval", "console.log(Deno.execPath()); console.log(Deno.version.deno)" } },
  { name = "python", files = { "python3" },
    args = { "-c", "import sys; print(sys.executable); print(sys.version.split()[0])" } },
  { name = "luv", files = { "luajit", "lua5.4", "lua" }, args = { "-e", LUA } },
}

-- The first of a peer's files that runs: {path, version}, or false.
local function ask(peer)
  for _, file in ipairs(peer.files) do
    local result = proc.run(file, peer.args, { timeout = 20 })
    local path, version = (result.stdout or ""):match("^([^\n]+)\n([^\n]+)")
    if result.ok and path then return { path, version } end
  end
  return false
end

--- find() -> tools; tools.node is a path or nil, tools.versions and tools.missing tell what is here
function M.find()
  local self = setmetatable({ versions = {}, missing = {} }, M)
  self.root, self.procrun = assert(fs.cwd()), process.exec_path
  -- What Deno keeps belongs into build/ as well, not into the user's home.
  process.env.DENO_DIR = process.env.DENO_DIR or self.root .. "/build/peers/deno"
  for i, found in ipairs(task.map(PEERS, #PEERS, ask)) do
    local name = PEERS[i].name
    if found then
      self[name], self.versions[name] = found[1], found[2]
    else
      self.missing[#self.missing + 1] = name
    end
  end
  return self
end

local function newer(a, b)
  local this, other = fs.stat(a), fs.stat(b)
  return this and other and this.mtime > other.mtime
end

-- What of Lua and libuv a C program is linked with: the archives, where they are there.
local function libraries(source)
  if not source:find("<uv.h>", 1, true) then return {} end
  local flags = proc.run("pkg-config", { "--cflags", "lua5.4", "libuv" }):check():text()
  local list = {}
  for flag in flags:gmatch("%S+") do list[#list + 1] = flag end
  local archives = { "-l:liblua5.4.a", "-l:libuv.a" }
  local probe = proc.run("cc", { "-x", "c", "-", "-o", "/dev/null", archives[1], archives[2], "-lm",
    "-ldl", "-lpthread" }, { input = "int main(void) { return 0; }" })
  if not probe.ok then archives = { "-llua5.4", "-luv" } end
  table.move(archives, 1, 2, #list + 1, list)
  return table.move({ "-lm", "-ldl", "-lpthread" }, 1, 3, #list + 1, list)
end

--- tools:c(name) -> path of the program of tests/bench/c/NAME.c, built when it is not up to date
function M:c(name)
  local source = ("%s/tests/bench/c/%s.c"):format(self.root, name)
  local program = ("%s/build/bench/%s"):format(self.root, name)
  if not newer(source, program) and fs.exists(program) then return program end
  assert(fs.mkdir_p(self.root .. "/build/bench"))
  local args = { "-O2", "-D_GNU_SOURCE", "-o", program, source }
  local more = libraries(assert(fs.read(source)))
  table.move(more, 1, #more, #args + 1, args)
  proc.run(os.getenv("CC") or "cc", args):check()
  return program
end

-- How each peer runs a script, and which names its scripts have, the most special first.
local RUN = {
  procrun = { dir = "procrun", files = { "%s.lua" }, args = {} },
  node = { dir = "peers", files = { "%s.mjs" }, args = {} },
  bun = { dir = "peers", files = { "%s.bun.mjs", "%s.mjs" }, args = {} },
  deno = { dir = "peers", files = { "%s.deno.mjs", "%s.mjs" }, args = { "run", "-A", "--quiet" } },
  python = { dir = "peers", files = { "%s.py" }, args = { "-B" } }, -- no __pycache__ beside them
  luv = { dir = "peers", files = { "%s.luv.lua" }, args = {} },
}
M.names = { "c", "node", "bun", "deno", "python", "luv", "procrun" }

--- tools:command(name, work, ...) -> the command that runs `work` with the arguments in one of
--- M.names | nil if that peer is not here or has no script for it
function M:command(name, work, ...)
  if name == "c" then
    if not fs.exists(("%s/tests/bench/c/%s.c"):format(self.root, work)) then return nil end
    return { self:c(work), ... }
  end
  local how = RUN[name]
  for _, form in ipairs(self[name] and how.files or {}) do
    local file = ("%s/tests/bench/%s/%s"):format(self.root, how.dir, form:format(work))
    if fs.exists(file) then
      local command = { self[name], table.unpack(how.args) }
      command[#command + 1] = file
      return table.move({ ... }, 1, select("#", ...), #command + 1, command)
    end
  end
end

-- An argument may differ from one subject to the other: {1000, node = 200}; with {1000, c = false}
-- there is no such subject.
local function arguments_for(name, list)
  local arguments = {}
  for i, value in ipairs(list) do
    if type(value) == "table" then
      local own = value[name]
      if own == false then return nil end
      value = own or value[1]
    end
    arguments[i] = value
  end
  return arguments
end

--- tools:subjects(work, ...) -> the list of subjects of everybody who can do `work`
function M:subjects(work, ...)
  local list = {}
  for _, name in ipairs(M.names) do
    local arguments = arguments_for(name, { ... })
    local command = arguments and self:command(name, work, table.unpack(arguments))
    if command then list[#list + 1] = { name = name, command = command } end
  end
  return list
end

return M
