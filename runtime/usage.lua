-- usage.lua - what --help and --version say; loaded when one of them, or a wrong option, is given.

local USAGE = [==[
usage: procrun [options] [script [args]]
       procrun bundle [options] FOLDER | FILE.lua   (see procrun bundle --help)
Runs a Lua 5.4 script whose main chunk, and every task it starts, may wait.
Options are lua's:
  -e stat   execute string 'stat'
  -l mod    require library 'mod' into global 'mod'
  -l g=mod  require library 'mod' into global 'g'
  -i        enter interactive mode after executing the script
  -v        show version information
  -E        ignore environment variables
  -W        turn warnings on
  -x        show every command of sh on standard error before it runs
  -n        show what sh.run, sh.bash and sh.start would do, and do not do it
  --        stop handling options
  -         stop handling options and execute standard input
  --channel=stdio  the channel to the parent is standard input and output
  --config  facts about this build, a NAME=value a line; --config=NAME prints one of them
  --profile FILE  where the processor time goes, for flame graphs; %p in FILE: the process
  --profile-interval TIME  time between two samples, 1ms if nothing is said
  --trace LIST  one line an event: proc,channel,task,stream,net,fs,timer,signal,all
  --trace-file FILE  the lines go there instead of standard error
  --help    this text
  --version the versions of procrun and of what it is built on
Built-in modules: ]==]

local vm = require "procrun.core.vm"

local M = {}

--- The text of --help.
function M.text() return USAGE .. table.concat(vm.rooms(), " ") .. "\n" end

--- The line of --version and -v.
function M.version() return require "procrun.core.self".version() end

return M
