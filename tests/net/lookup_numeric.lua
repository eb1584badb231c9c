-- net.lookup of a numeric address answers at once: no thread is made for it.
local check = require "tests.lib.check"
local net = require "procrun.net"
local task = require "procrun.task"

local waited = false
task.spawn(function() waited = true end)
check.values(table.pack(net.lookup "127.0.0.1"), "127.0.0.1", 4)
check.values(table.pack(net.lookup "0:0::1"), "::1", 6)
check.values(table.pack(net.lookup("10.1.2.3", { family = 4, timeout = 0 })), "10.1.2.3", 4)
check.values(table.pack(net.lookup("::ffff:1.2.3.4", 6)), "::ffff:1.2.3.4", 6)
local list = net.lookup("10.1.2.3", { all = true })
check.eq(#list, 1)
check.eq(list[1].address, "10.1.2.3")
check.eq(list[1].family, 4)

local address, message, code = net.lookup("127.0.0.1", { family = 6 })
check.eq(address, nil)
check.eq(message,
  "lookup 127.0.0.1: an IPv4 address, and family 6 was asked for (EAI_ADDRFAMILY)")
check.eq(code, "ENOTFOUND")
check.eq(waited, false)

local threads = io.popen("ls /proc/$PPID/task"):read "a"
check.eq(select(2, threads:gsub("\n", "")), 1, "threads")
