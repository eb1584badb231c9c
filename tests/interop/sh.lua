-- A shell script at the other end: printf to descriptor 3, read from it.
local check = require "tests.lib.check"
local json = require "procrun.json"
local proc = require "procrun.proc"
local worker = require "tests.lib.worker"

-- An echo, line by line.
local child = worker.sh [[
  while IFS= read -r line <&3; do printf '{"got":%s}\n' "$line" >&3; done]]
for _, value in ipairs { "", "a b", "ü€\u{1F600}", "tab\tand\nnewline \\ \"quoted\"",
  9007199254740993, 0.1, true, json.null } do
  assert(child:send(value))
  check.eq(child:receive(20).got, value)
end
assert(child:send { 1, { x = "y" }, json.array {} })
check.eq(json.encode(child:receive(20).got), '[1,{"x":"y"},[]]')
child:disconnect()
check.eq(child:wait(20).code, 0)

-- Order and number, both ways; it ends without a farewell.
local N <const> = 20000
child = worker.sh [[
  i=0
  while [ $i -lt 20000 ]; do i=$((i + 1)); echo $i; done >&3
  n=0
  while read -r line <&3; do
    n=$((n + 1)); [ "$line" = $n ] || exit 1; [ $n = 2000 ] && exit 5
  done]]
local log = worker.record(child)
local n = 0
child:on("message", function(m)
  n = n + 1
  check.eq(m, n)
  if n == N then
    for i = 1, 2000 do assert(child:send(i)) end
  end
end)
assert(log.done:wait(60))
check.eq(n, N)
check.eq(child.result.code, 5)
check.eq(table.concat(log, " "), "disconnect exit close")

-- A line in pieces, blanks, CR LF, empty lines, no newline at the end, and what is no JSON.
child = worker.sh [[
  printf '{"a"' >&3; sleep 0.05; printf ' : 1 }\r\n\n  \n"second"\nnot json\n[3]\n"cut' >&3]]
log = worker.record(child)
local got = {}
child:on("message", function(m) got[#got + 1] = json.encode(m) end)
assert(log.done:wait(20))
check.eq(table.concat(got, " "), '{"a":1} "second" [3]')
check.eq(#log.errors, 2)
check.eq(log.errors[1].code, "EPROTO")
check.eq(log.errors[2].code, "EPROTO")

-- It finds its descriptor by the environment, wherever the slot is.
child = assert(proc.spawn("sh", { "-c", [[eval "exec 9>&$NODE_CHANNEL_FD"; echo '"found"' >&9]] }, {
  stdio = { "ignore", "inherit", "inherit", "ignore", "ignore", "ipc" },
}))
check.eq(child:receive(20), "found")
check.eq(child:wait(20).code, 0)

-- A grandchild that holds the channel goes on talking after the exit.
child = worker.sh [[(read -r line <&3; echo "$line" >&3) & echo '"parent"' >&3; exit 3]]
log = worker.record(child)
got = {}
child:on("message", function(m) got[#got + 1] = m end)
child:on("exit", function(code)
  check.eq(code, 3)
  assert(child:send "to the grandchild")
end)
assert(log.done:wait(20))
check.eq(table.concat(got, ", "), "parent, to the grandchild")
check.eq(table.concat(log, " "), "exit disconnect close")
