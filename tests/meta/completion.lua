-- bash completes options, modules behind -l, facts behind --config=, and the names of scripts.
-- requires: bash
local check = require "tests.lib.check"
local fs, proc = require "procrun.fs", require "procrun.proc"

local dir <close> = assert(fs.temp_dir())
assert(fs.write(dir.path .. "/two words.lua", ""))
assert(fs.write(dir.path .. "/other.txt", ""))
assert(fs.mkdir(dir.path .. "/twigs"))

-- What bash has in COMPREPLY for a command line, one a line.
local function complete(...)
  local script = [[
    . "$1"; shift
    compopt() { :; }
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _procrun
    ((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
    true]]
  local r = proc.run("bash", {"-c", script, "bash", fs.cwd() .. "/scripts/completion.bash", ...},
    {cwd = dir.path}):check()
  check.eq(r.stderr, "")
  return "\n" .. r.stdout
end

local procrun = os.getenv("PROCRUN")
check.has(complete(procrun, "--conf"), "\n--config\n--config=\n")
check.has(complete(procrun, "-l", "fs"), "\nfs\n")
check.has(complete(procrun, "--config", "=", "cf"), "\ncflags\n")
check.eq(complete(procrun, "tw"), "\ntwigs\ntwo words.lua\n")
check.lacks(complete(procrun, ""), "other.txt")
check.eq(complete(procrun, "script.lua", "--conf"), "\n") -- the script's own: bash's default
