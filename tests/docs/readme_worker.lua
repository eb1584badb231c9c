-- The worker script of the README does what the README says.

local fs = require "fs"
local proc = require "proc"

local text = assert(fs.read("README.md"))
local worker = text:match("```lua\n(%-%- squares%.lua.-)```")
assert(worker, "README.md has no squares.lua any more")
local path = os.getenv("TMPDIR") .. "/squares.lua"
assert(fs.write(path, worker))
local lines = proc.run(process.exec_path, {path}, {timeout = "20s"}):check():lines()
assert(lines[1] == "1" and lines[2] == "4" and lines[3] == "9", table.concat(lines, "\n"))
assert(lines[4]:find("succeeded", 1, true), lines[4])
