-- PROCRUN_CHECK=1 (test builds): what is left behind at the end is named, the exit status is 70.
local proc = require "procrun.proc"

local function run(planted)
  return proc.run(process.exec_path, {"-e", "print 'done'"}, {extend_env = {
    PROCRUN_CHECK = "1", PROCRUN_LEAK = planted}})
end

local result = run ""
assert(result.ok and result.stderr == "", tostring(result))
if run("descriptor").ok then
  print("skip: this is no test build")
  os.exit(77)
end
for planted, told in pairs {
  handle = "the loop could not be closed: %-16\nprocrun: leak: a idle of libuv, idle\n.*",
  deadline = "deadlines 1\n",
  descriptor = "descriptor %d+ %(/dev/null%)\n",
  child = "unreaped child %d+\n",
} do
  result = run(planted)
  assert(result.code == 70 and result.stdout == "done\n", tostring(result))
  assert(result.stderr:find("^procrun: leak: " .. told .. "$"), result.stderr)
end
