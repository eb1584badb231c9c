-- What cannot be written is told, and is an error exit; of standard error nobody can be told.
local function run(code, rest, expected, status)
  local pipe = assert(io.popen(("'%s' -e '%s' %s"):format(arg[-1], code, rest)))
  local text = pipe:read("a")
  local _, _, got = pipe:close()
  assert((got or 0) == status, ("%s: status %s, %s"):format(code, got, text))
  assert(text:find(expected), text)
end
local MESSAGE <const> = "^procrun: cannot write to standard output: No space left on device\n$"
for _, code in ipairs { [[print "x"]], [[io.write "x"]], [[process.stdout:write "x"]],
  [[process:on("exit", function() print "x" end)]], [[print "x" os.exit(0)]] } do
  run(code, "2>&1 >/dev/full", MESSAGE, 1)
end
run([[io.stderr:write "x" print(process.stderr:write "x")]], "2>/dev/full",
  "^nil\twrite: .*ENOSPC\n", 0)
run([[print(("x"):rep(1000000)) print(io.write "x")]], ">/dev/null", "^$", 0)
