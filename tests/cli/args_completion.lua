-- Completion for bash, made from the usage text: `eval "$(script.lua --completion bash)"`.
local check = require "tests.lib.check"

if not os.execute "bash --version >/dev/null 2>&1" then
  print "skip: bash is not installed"
  os.exit(77)
end

local function script_of(text)
  local run = check.run(("require 'cli'.args [==[\n%s]==]"):format(text), nil, "--completion bash")
  check.eq(run.code, 0)
  return run.out
end

-- What bash offers behind the words; the last one is begun.
local function offered(script, words)
  local quoted = {}
  for i, word in ipairs(words) do quoted[i] = "'" .. word .. "'" end
  check.write(check.tmp "try.sh", script .. ([[
compopt() { echo "<files>"; }
COMP_WORDS=(%s) COMP_CWORD=%d
%s
printf '%%s\n' "${COMPREPLY[@]}"]]):format(table.concat(quoted, " "), #words - 1,
    script:match "\n(_[%w_]+)%(%)"))
  local pipe <close> = assert(io.popen("bash " .. check.tmp "try.sh" .. " 2>&1"))
  return (pipe:read "a":gsub("%s+$", ""):gsub("\n", " "))
end

local plain = script_of [[
usage: build.lua [options] <dir>...
  -j, --jobs N          (default 4)
  -f, --format FORMAT   (json|csv)
  --[no-]colour]]
check.eq(offered(plain, {"build.lua", "--"}), "--colour --format --jobs --no-colour --help")
check.eq(offered(plain, {"build.lua", "--j"}), "--jobs")
check.eq(offered(plain, {"build.lua", "--format", ""}), "json csv")
check.eq(offered(plain, {"build.lua", "--format", "=", "c"}), "csv")
check.eq(offered(plain, {"build.lua", "-f", "j"}), "json")
check.eq(offered(plain, {"build.lua", "-j", ""}), "<files>")
check.eq(offered(plain, {"build.lua", ""}), "<files>")

local commands = script_of [[
usage: svc.lua [options] <command>
  -v  say more
commands:
  start, up <name>
    --wait T   (10|20)
  set <how>
    <how>   (on|off)]]
check.eq(offered(commands, {"svc.lua", ""}), "start up set")
check.eq(offered(commands, {"svc.lua", "s"}), "start set")
check.eq(offered(commands, {"svc.lua", "up", "-"}), "--wait -v --help")
check.eq(offered(commands, {"svc.lua", "-v", "start", "--wait", "1"}), "10")
check.eq(offered(commands, {"svc.lua", "set", "o"}), "on off")
check.eq(offered(commands, {"svc.lua", "start", ""}), "<files>")

local run = check.run("require 'cli'.args 'usage: x'", nil, "--completion fish")
check.has(run.err, "--completion knows bash, not 'fish'")
check.lacks(run.err, "traceback")
check.eq(run.code, 2)
