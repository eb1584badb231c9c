-- example.lua - for tests of scripts/examples: local example = require "tests.lib.example"

local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local M = {}

--- Names that a file may have, and that scripts stumble over.
M.NAMES = { "two words", "-rf", "new\nline", "$(touch pwned)", "it's \"quoted\"", "*", "~", "\\n%s",
  "\xff\xfe", "a;b&c|d", " blank " }

--- file(name) -> absolute path of the script of that name
function M.file(name)
  return assert(fs.realpath(("scripts/examples/%s.lua"):format(name)))
end

--- run(name, [arguments], [options of proc.run]) -> result, output captured
function M.run(name, arguments, options)
  local argv = { M.file(name), table.unpack(arguments or {}) }
  local with = { timeout = "60s" }
  for key, value in pairs(options or {}) do with[key] = value end
  return proc.run(process.exec_path, argv, with)
end

--- start(name, arguments, [options of proc.spawn]) -> child
function M.start(name, arguments, options)
  return assert(proc.spawn(process.exec_path, { M.file(name), table.unpack(arguments) }, options))
end

--- need(program, …): where one is missing the test is skipped
function M.need(...)
  for _, program in ipairs { ... } do
    if not proc.which(program) then
      print(("skipped: %s is not installed"):format(program))
      process.exit(77)
    end
  end
end

--- hosts() -> environment, folder: an ssh that runs the words in a shell, as sshd does, in a folder
--- for each host
function M.hosts()
  local bin, hosts = check.tmp "bin", check.tmp "hosts"
  assert(fs.mkdir_p(bin))
  assert(fs.mkdir_p(hosts))
  assert(fs.write(bin .. "/ssh", [[#!/bin/sh
while :; do
  case $1 in
    -o | -p | -l | -i | -F) shift 2 ;;
    --) shift; break ;;
    -*) shift ;;
    *) break ;;
  esac
done
host=$1
shift
[ "$1" != -- ] || shift
mkdir -p "$HOSTS/$host" && cd "$HOSTS/$host" || exit 255
HOST_IS=$host exec sh -c "$*"
]], { mode = "755" }))
  return { PATH = bin .. ":" .. os.getenv "PATH", HOSTS = hosts }, hosts
end

return M
