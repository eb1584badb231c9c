---@meta procrun.net

local M = {}

-- Servers -----------------------------------------------------------------------------------------

---@class procrun.net_address
---@field address string
---@field port integer
---@field family "IPv4" | "IPv6"

---@class procrun.server_options
---@field no_delay? boolean
---@field keep_alive? boolean | number | string
---@field allow_half_open? boolean
---@field pause_on_connect? boolean

---@class procrun.listen_place
---@field port? integer
---@field host? string
---@field path? string
---@field fd? integer
---@field mode? string | integer
---@field backlog? integer
---@field reuse_port? boolean
---@field ipv6_only? boolean
---@field timeout? number | string

---@class procrun.listen_options: procrun.listen_place, procrun.server_options

---A server that listens.
---@async
---@param where integer | string | procrun.listen_options
---@param host? string
---@return procrun.server?
---@return string? message
---@return string? code "EADDRINUSE", "EACCES", "EADDRNOTAVAIL", "EINVAL", …
function M.listen(where, host) end

---A server that does not listen yet.
---@param options? procrun.server_options | async fun(socket: procrun.socket)
---@param listener? async fun(socket: procrun.socket)
---@return procrun.server
function M.create_server(options, listener) end

---@class procrun.server: procrun.emitter
---@field listening boolean
---@field max_connections? integer
local server = {}

---Makes it listen; arguments and options as for `net.listen`, without any at a port that is free.
---@async
---@param where? integer | string | procrun.listen_place | async fun()
---@param ... string | integer | async fun() host, backlog, callback
---@return procrun.server?
---@return string? message
---@return string? code
function server:listen(where, ...) end

---The next connection.
---@async
---@param timeout? number | string
---@return procrun.socket?
---@return string? message
---@return string? code "ETIMEDOUT", "ECANCELED", "EMFILE", …
function server:accept(timeout) end

---Each connection as it comes, until the server is closed.
---@return async fun(): procrun.socket?
function server:connections() end

---Calls `fn(socket)` in a task of its own for each connection, and closes the socket when it
---returns.
---@async
---@param fn async fun(socket: procrun.socket)
---@return true
function server:serve(fn) end

---Where it listens: a table with `family` "IPv4" or "IPv6", or a string for a path; nil when it does not.
---@return procrun.net_address | string?
function server:address() end

---How many of the connections that it accepted are open; those that were sent to other processes
---are counted there, which may fail.
---@async
---@param timeout? number | string
---@return integer?
---@return string? message
---@return string? code
function server:get_connections(timeout) end

---Listens no more; waiting clients are refused, and connections that were accepted go on.
---@param callback? async fun()
---@return procrun.server
function server:close(callback) end

---The number of the descriptor, nil when it does not listen.
---@return integer?
function server:fileno() end

---It keeps the process alive (again).
---@return procrun.server
function server:ref() end

---A server keeps the program alive until it is closed.
---@return procrun.server
function server:unref() end

---@alias procrun.server_event "connection" | "listening" | "close" | "error" | "drop"

---Adds a listener; the page names the events.
---@param name procrun.server_event
---@param fn async fun(...)
---@return procrun.server
function server:on(name, fn) end

-- Connections -------------------------------------------------------------------------------------

---@class procrun.connect_options
---@field port? integer
---@field host? string
---@field path? string
---@field timeout? number | string
---@field family? 4 | 6
---@field local_address? string
---@field local_port? integer
---@field no_delay? boolean
---@field keep_alive? boolean | number | string
---@field allow_half_open? boolean

---Connects and waits for it.
---@async
---@param where integer | string | procrun.connect_options
---@param host? string
---@return procrun.socket?
---@return string? message
---@return string? code "ECONNREFUSED", "ETIMEDOUT", "ENOENT", "ENOTFOUND", …
function M.connect(where, host) end

---The same by Node's other name.
---@async
---@param where integer | string | procrun.connect_options
---@param host? string
---@return procrun.socket?
---@return string? message
---@return string? code
function M.create_connection(where, host) end

---A connection that this program has inherited, as by `stdio`: the descriptor is taken over.
---@param options integer | { fd: integer, allow_half_open: boolean? }
---@return procrun.socket?
---@return string? message
---@return string? code "EINVAL", "EBADF"
function M.socket(options) end

---@class procrun.socket: procrun.stream
---@field remote_address? string
---@field remote_port? integer
---@field remote_family? "IPv4" | "IPv6"
---@field local_address? string
---@field local_port? integer
---@field local_family? "IPv4" | "IPv6"
---@field bytes_read integer
---@field bytes_written integer
---@field destroyed boolean
---@field timeout? number
local socket = {}

---This side; nil when it is closed.
---@return procrun.net_address | string?
function socket:address() end

---The other side.
---@return procrun.net_address | string?
function socket:peer() end

---Small writes go out at once, not gathered while an earlier one is unanswered (Nagle).
---@param on? boolean true by default
---@return procrun.socket?
---@return string? message
---@return string? code
function socket:no_delay(on) end

---Asks a silent peer whether it is still there, after that time (as the system has it, two hours
---for most); the connection fails with `"ETIMEDOUT"` when it is not.
---@param on? boolean true by default
---@param time? number | string
---@return procrun.socket?
---@return string? message
---@return string? code
function socket:keep_alive(on, time) end

---Event `timeout` after that long without a byte read or written, or up to a quarter longer; again
---only after the next traffic.
---@param time number | string
---@param fn? async fun()
---@return procrun.socket
function socket:set_timeout(time, fn) end

---Closes at once: what was not sent yet is lost.
---@return procrun.socket
function socket:destroy() end

---The same, and the other side's connection fails with `"ECONNRESET"` (over a path: ends).
---@return procrun.socket
function socket:reset() end

---@alias procrun.socket_event procrun.stream_event | "timeout"

---Adds a listener; the page names the events.
---@param name procrun.socket_event
---@param fn async fun(...)
---@return procrun.socket
function socket:on(name, fn) end

-- Addresses ---------------------------------------------------------------------------------------

---Of which family the text is a numeric address; 0: of none.
---@param text string
---@return 4 | 6 | 0
function M.is_ip(text) end

---Whether the text is an IPv4 address.
---@param text string
---@return boolean
function M.is_ipv4(text) end

---Whether the text is an IPv6 address.
---@param text string
---@return boolean
function M.is_ipv6(text) end

-- UDP ---------------------------------------------------------------------------------------------

---@class procrun.udp_options
---@field family? 4 | 6 | "udp4" | "udp6"
---@field reuse_address? boolean
---@field reuse_port? boolean
---@field ipv6_only? boolean
---@field recv_buffer? integer
---@field send_buffer? integer
---@field max_message? integer 65535 by default

---@class procrun.socket_address
---@field address string
---@field port integer
---@field family "IPv4" | "IPv6"

---@class procrun.udp_sender: procrun.socket_address
---@field size integer of the whole datagram
---@field truncated? true the data is only its beginning

---@class procrun.udp: procrun.emitter
---@field type "udp4" | "udp6"
local udp = {}

---A socket for datagrams.
---@param options? procrun.udp_options | 4 | 6 | "udp4" | "udp6"
---@param listener? async fun(data: string, from: procrun.udp_sender)
---@return procrun.udp?
---@return string? message
---@return string? code
function M.udp(options, listener) end

---Takes a port; 0, the default, lets the kernel choose one.
---@async
---@param port? integer | { port?: integer, address?: string, exclusive?: boolean }
---@param address? string
---@return true?
---@return string? message
---@return string? code "EADDRINUSE", "EACCES", …
function udp:bind(port, address) end

---Sends one datagram: a string, a number, or a list of these, put together.
---@async
---@param data string | number | (string | number)[]
---@param port? integer
---@param address? string
---@return true?
---@return string? message
---@return string? code "EMSGSIZE", "ECONNREFUSED", …
function udp:send(data, port, address) end

---Waits for the next datagram.
---@async
---@param timeout? number | string
---@return string? data
---@return procrun.udp_sender | string from or the message
---@return string? code "ETIMEDOUT", "ECONNREFUSED", "EBADF", "EINVAL"
function udp:receive(timeout) end

---What comes, until the socket is closed.
---@return async fun(): string, procrun.udp_sender
function udp:messages() end

---From now on the socket sends to this peer and takes what comes from it alone.
---@async
---@param port integer
---@param address? string
---@return true?
---@return string? message
---@return string? code
function udp:connect(port, address) end

---Undoes `connect`; the port stays.
---@return true?
---@return string? message
---@return string? code "ENOTCONN"
function udp:disconnect() end

---Its own: of the socket.
---@return procrun.socket_address?
---@return string? message
---@return string? code
function udp:address() end

---That of the peer it is connected to.
---@return procrun.socket_address?
---@return string? message
---@return string? code "ENOTCONN"
function udp:remote_address() end

---Closes the socket.
function udp:close() end

---The number of the descriptor, nil when the socket is closed.
---@return integer?
function udp:fileno() end

---While it is open the socket keeps the process alive.
---@return procrun.udp
function udp:ref() end

---It never does.
---@return procrun.udp
function udp:unref() end

---The name of an interface, one of its addresses, or its number.
---@alias procrun.interface string | integer

---@param group string
---@param interface? procrun.interface
---@return true?
---@return string? message
---@return string? code
function udp:add_membership(group, interface) end

---Leaves the group.
---@param group string
---@param interface? procrun.interface
---@return true?
---@return string? message
---@return string? code
function udp:drop_membership(group, interface) end

---Takes what this source sends to the group.
---@param source string
---@param group string
---@param interface? procrun.interface
---@return true?
---@return string? message
---@return string? code
function udp:add_source_specific_membership(source, group, interface) end

---Ends that.
---@param source string
---@param group string
---@param interface? procrun.interface
---@return true?
---@return string? message
---@return string? code
function udp:drop_source_specific_membership(source, group, interface) end

---By which interface datagrams to groups go out.
---@param interface procrun.interface
---@return true?
---@return string? message
---@return string? code
function udp:set_multicast_interface(interface) end

---Whether what the socket sends to a group comes to members on this machine as well; on by
---default.
---@param on boolean
---@return true?
---@return string? message
---@return string? code
function udp:set_multicast_loopback(on) end

---How many networks a datagram to a group may cross: 0 to 255; 1 by default.
---@param hops integer
---@return true?
---@return string? message
---@return string? code
function udp:set_multicast_ttl(hops) end

---The same for all others: 1 to 255.
---@param hops integer
---@return true?
---@return string? message
---@return string? code
function udp:set_ttl(hops) end

---Whether it may send to a broadcast address.
---@param on boolean
---@return true?
---@return string? message
---@return string? code
function udp:set_broadcast(on) end

---The size of the kernel's buffer for what comes, in bytes.
---@param bytes integer
---@return true?
---@return string? message
---@return string? code
function udp:set_recv_buffer_size(bytes) end

---The size of the kernel's buffer for what comes, in bytes.
---@return integer?
---@return string? message
---@return string? code
function udp:get_recv_buffer_size() end

---The size of the kernel's buffer for what goes, in bytes.
---@param bytes integer
---@return true?
---@return string? message
---@return string? code
function udp:set_send_buffer_size(bytes) end

---The kernel's buffers.
---@return integer?
---@return string? message
---@return string? code
function udp:get_send_buffer_size() end

---@alias procrun.udp_event "message" | "error" | "listening" | "connect" | "close"

---Adds a listener; the page names the events.
---@param name procrun.udp_event
---@param fn async fun(...)
---@return self
function udp:on(name, fn) end

---Adds a listener that is called once.
---@param name procrun.udp_event
---@param fn async fun(...)
---@return self
function udp:once(name, fn) end

-- Looking up names --------------------------------------------------------------------------------

---@class procrun.lookup_options
---@field family? 4 | 6
---@field all? boolean
---@field order? "verbatim" | "ipv4first" | "ipv6first"
---@field timeout? number | string

---@class procrun.host_address
---@field address string
---@field family 4 | 6

---The address of a host, and 4 or 6 for its family: what `getaddrinfo` of the C library says, so
---`/etc/hosts` and the name servers are asked as they are for other programs.
---@async
---@param host string
---@param options? procrun.lookup_options | 4 | 6
---@return string | procrun.host_address[]? address
---@return 4 | 6 | string family or the message
---@return string? code "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", …
function M.lookup(host, options) end

return M
