-- procrun -i on a pipe is lua's: prompts, lines read and results on standard output, errors on
-- standard error, and it goes on; -i after a script or -e; the exit status is 0.
local check = require "tests.lib.check"
local procrun = os.getenv "PROCRUN"

local function run(options, lines)
  local input, errors = os.tmpname(), os.tmpname()
  check.write(input, lines)
  local pipe = assert(io.popen(("'%s' %s <%s 2>%s"):format(procrun, options, input, errors)))
  local out = pipe:read "a":gsub("^procrun [^\n]*\n", "")
  local ended, _, code = pipe:close()
  local err = check.read(errors)
  os.remove(input)
  os.remove(errors)
  return out, err, ended and 0 or code
end

local out, err, code = run([[-e "_PROMPT='' _PROMPT2=''" -i]],
  "(6*2-6) -- ===\na =\n10\nprint(a)\na\n=a + 1\nnil, false\n_\nfs\n.help\n")
assert(out == "(6*2-6) -- ===\n6\na =\n10\nprint(a)\n10\na\n10\n=a + 1\n11\n" ..
  "nil, false\nnil\tfalse\n_\nnil\nfs\nnil\n.help\n\n", out)
assert(err:find "unexpected symbol near '.'" and code == 0, err)

out, err, code = run("-i", "error 'one'\nerror {}\nx = 1\nx\nfor i = 1, 2 do\n")
assert(err:find "^stdin:1: one\nstack traceback:\n\t%[C%]: in function 'error'\n\tstdin:1:", err)
assert(err:find "%(error object is a table value%)" and err:find "near <eof>" and code == 0, err)
assert(out:find "> x\n1\n> for i = 1, 2 do\n>> > \n$", out)

out = run([[-e "t = require 'task'; x = 7" -i]], "t.sleep(0.001)\nx\n")
assert(out:find "\ntrue\n> x\n7\n", out)
out, err, code = run([[-e "error 'x'" -i]], "1\n")
assert(code == 1 and out == "" and err:find "x", out)
out, err, code = run("-i", "t = require 'task'\nt.spawn(error, 'lost')\nt.sleep(0.01)\n1\n")
assert(code == 0 and err:find "lost" and out:find "> 1\n1\n", out .. err)
out, err, code = run("-i", "os.exit(7)\n1\n")
assert(code == 7 and out == "> os.exit(7)\n", out .. err)
out, err, code = run("-i", "print = nil\n1\n")
assert(code == 0 and out and err:find "error calling 'print'", err)
