-- procrun.version is the number that --version tells, and the room loads by either name.
local proc = require "procrun.proc"
local procrun = require "procrun"

assert(procrun.version == require "procrun.procrun".version)
assert(procrun.version:match("^%d+%.%d+"))
local told = proc.run(process.exec_path, {"--version"}):check().stdout
assert(told:find("procrun " .. procrun.version .. " ", 1, true) == 1, told)
