-- bash completes options and their values, modules behind -l, and the names of scripts.
-- requires: bash
local check = require "tests.lib.check"
local terminal = require "tests.lib.terminal"
local fs, proc = require "procrun.fs", require "procrun.proc"

local dir <close> = assert(fs.temp_dir())
assert(fs.write(dir.path .. "/two words.lua", ""))
assert(fs.write(dir.path .. "/other.txt", ""))
assert(fs.mkdir(dir.path .. "/twigs"))

-- What bash has in COMPREPLY for a command line, one a line.
local function complete(...)
  local script = [=[
    . "$1"; shift
    compopt() { [[ $* == "-o default" ]] && echo files; }
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _procrun
    ((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
    true]=]
  local r = proc.run("bash", {"-c", script, "bash", fs.cwd() .. "/scripts/completion.bash", ...},
    {cwd = dir.path}):check()
  check.eq(r.stderr, "")
  return "\n" .. r.stdout
end

local procrun = os.getenv("PROCRUN")
check.has(complete(procrun, "--conf"), "\n--config\n--config=\n")
check.has(complete(procrun, "-l", "fs"), "\nfs\n")
check.has(complete(procrun, "--config", "=", "cf"), "\ncflags\n")
check.has(complete(procrun, "--config", "="), "\ncflags\n")
check.eq(complete(procrun, "--channel", "="), "\nstdio\n")
check.eq(complete(procrun, "--trace", "=", "proc,ne"), "\nproc,net\n")
check.eq(complete(procrun, "--trace", "ta"), "\ntask\n")
check.eq(complete(procrun, "--profile", "=", "x"), "\nfiles\n")
check.eq(complete(procrun, "--trace-file", ""), "\nfiles\n")
check.eq(complete(procrun, "--profile-interval", ""), "\n")
for _, before in ipairs {{"--profile", "=", "x"}, {"--profile", "x"}, {"--trace", "all"}, {"-W"}} do
  before[#before + 1] = "tw"
  check.eq(complete(procrun, table.unpack(before)), "\ntwigs\ntwo words.lua\n")
end
check.eq(complete(procrun, "tw"), "\ntwigs\ntwo words.lua\n")
check.lacks(complete(procrun, ""), "other.txt")
check.eq(complete(procrun, "script.lua", "--conf"), "\nfiles\n") -- the script's own: bash's default

-- Typed into a bash: what it hands over depends on how it cuts a line into words.
local t <close> = terminal.open("bash --norc --noprofile", {INPUTRC = "/dev/null", PS1 = "> "})
t:send((". '%s/scripts/completion.bash'; cd '%s'; PATH='%s':$PATH; echo ready\r"):format(fs.cwd(),
  dir.path, procrun:match("^(.*)/")))
t:expect("\nready\n")
for typed, wanted in pairs {["two"] = "two\\ words.lua", ["--config=cf"] = "--config=cflags",
  ["--trace=proc,ch"] = "--trace=proc,channel", ["--profile=o"] = "--profile=other.txt",
  ["--channel="] = "--channel=stdio", ["-l js"] = "-l json"} do
  t:send("procrun " .. typed .. "\t")
  t:expect("procrun " .. wanted)
  t:send("\x15")
end
t:send("exit\r")
