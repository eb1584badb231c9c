-- repl.start on streams: lines come from one, answers go to the other, with globals of its own.
local net = require "procrun.net"
local repl = require "procrun.repl"
local task = require "procrun.task"

local path = os.tmpname()
os.remove(path)
local server = assert(net.listen {path = path})
local served = task.spawn(function()
  local socket = server:accept()
  repl.start {input = socket, output = socket, env = {answer = 42, error = error}, prompt = "? "}
  socket:close()
end)
local user = assert(net.connect {path = path})
user:write "answer + 1\n'a'\nnil\nx = {1,\n2}\nx\nerror 'e'\n_G\n.nothing\n.exit\n1\n"
local text = user:read "a"
local wanted = '? 43\n? "a"\n? nil\n? >> ? {1, 2}\n? stdin:1: e\nstack traceback:'
assert(text:sub(1, #wanted) == wanted, text)
assert(text:find("? nil\n? .nothing is no command", 1, true) and text:find "%? $", text)
served:wait()
server:close()
os.remove(path)

for what, options in pairs {["input and output"] = {input = user},
  ["prompt: string"] = {prompt = 1}, ["unknown option 'in'"] = {["in"] = 1},
  ["env: table"] = {env = 1}, ["input: stream"] = {input = 1}} do
  local fine, message = pcall(repl.start, options)
  assert(not fine and message:find(what, 1, true), message)
end
assert(not pcall(repl.start, 1))
