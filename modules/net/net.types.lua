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

---@async
---@param where integer | string | procrun.listen_options
---@param host? string
---@return procrun.server?
---@return string? message
---@return string? code "EADDRINUSE", "EACCES", "EADDRNOTAVAIL", "EINVAL", …
function M.listen(where, host) end

---@param options? procrun.server_options | async fun(socket: procrun.socket)
---@param listener? async fun(socket: procrun.socket)
---@return procrun.server
function M.create_server(options, listener) end

---@class procrun.server: procrun.emitter
---@field listening boolean
---@field max_connections? integer
local server = {}

---@async
---@param where? integer | string | procrun.listen_place | async fun()
---@param ... string | integer | async fun() host, backlog, callback
---@return procrun.server?
---@return string? message
---@return string? code
function server:listen(where, ...) end

---@async
---@param timeout? number | string
---@return procrun.socket?
---@return string? message
---@return string? code "ETIMEDOUT", "ECANCELED", "EMFILE", …
function server:accept(timeout) end

---@return async fun(): procrun.socket?
function server:connections() end

---@async
---@param fn async fun(socket: procrun.socket)
---@return true
function server:serve(fn) end

---@return procrun.net_address | string?
function server:address() end

---@async
---@param timeout? number | string
---@return integer?
---@return string? message
---@return string? code
function server:get_connections(timeout) end

---@param callback? async fun()
---@return procrun.server
function server:close(callback) end

---@return integer?
function server:fileno() end

---@return procrun.server
function server:ref() end

---@return procrun.server
function server:unref() end

---@alias procrun.server_event "connection" | "listening" | "close" | "error" | "drop"

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

---@async
---@param where integer | string | procrun.connect_options
---@param host? string
---@return procrun.socket?
---@return string? message
---@return string? code "ECONNREFUSED", "ETIMEDOUT", "ENOENT", "ENOTFOUND", …
function M.connect(where, host) end

---@async
---@param where integer | string | procrun.connect_options
---@param host? string
---@return procrun.socket?
---@return string? message
---@return string? code
function M.create_connection(where, host) end

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

---@return procrun.net_address | string?
function socket:address() end

---@return procrun.net_address | string?
function socket:peer() end

---@param on? boolean true by default
---@return procrun.socket?
---@return string? message
---@return string? code
function socket:no_delay(on) end

---@param on? boolean true by default
---@param time? number | string
---@return procrun.socket?
---@return string? message
---@return string? code
function socket:keep_alive(on, time) end

---@param time number | string
---@param fn? async fun()
---@return procrun.socket
function socket:set_timeout(time, fn) end

---@return procrun.socket
function socket:destroy() end

---@return procrun.socket
function socket:reset() end

---@alias procrun.socket_event procrun.stream_event | "timeout"

---@param name procrun.socket_event
---@param fn async fun(...)
---@return procrun.socket
function socket:on(name, fn) end

-- Addresses ---------------------------------------------------------------------------------------

---@param text string
---@return 4 | 6 | 0
function M.is_ip(text) end

---@param text string
---@return boolean
function M.is_ipv4(text) end

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

---@param options? procrun.udp_options | 4 | 6 | "udp4" | "udp6"
---@param listener? async fun(data: string, from: procrun.udp_sender)
---@return procrun.udp?
---@return string? message
---@return string? code
function M.udp(options, listener) end

---@async
---@param port? integer | { port?: integer, address?: string, exclusive?: boolean }
---@param address? string
---@return true?
---@return string? message
---@return string? code "EADDRINUSE", "EACCES", …
function udp:bind(port, address) end

---@async
---@param data string | number | (string | number)[]
---@param port? integer
---@param address? string
---@return true?
---@return string? message
---@return string? code "EMSGSIZE", "ECONNREFUSED", …
function udp:send(data, port, address) end

---@async
---@param timeout? number | string
---@return string? data
---@return procrun.udp_sender | string from or the message
---@return string? code "ETIMEDOUT", "ECONNREFUSED", "EBADF", "EINVAL"
function udp:receive(timeout) end

---@return async fun(): string, procrun.udp_sender
function udp:messages() end

---@async
---@param port integer
---@param address? string
---@return true?
---@return string? message
---@return string? code
function udp:connect(port, address) end

---@return true?
---@return string? message
---@return string? code "ENOTCONN"
function udp:disconnect() end

---@return procrun.socket_address?
---@return string? message
---@return string? code
function udp:address() end

---@return procrun.socket_address?
---@return string? message
---@return string? code "ENOTCONN"
function udp:remote_address() end

function udp:close() end

---@return integer?
function udp:fileno() end

---@return procrun.udp
function udp:ref() end

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

---@param group string
---@param interface? procrun.interface
---@return true?
---@return string? message
---@return string? code
function udp:drop_membership(group, interface) end

---@param source string
---@param group string
---@param interface? procrun.interface
---@return true?
---@return string? message
---@return string? code
function udp:add_source_specific_membership(source, group, interface) end

---@param source string
---@param group string
---@param interface? procrun.interface
---@return true?
---@return string? message
---@return string? code
function udp:drop_source_specific_membership(source, group, interface) end

---@param interface procrun.interface
---@return true?
---@return string? message
---@return string? code
function udp:set_multicast_interface(interface) end

---@param on boolean
---@return true?
---@return string? message
---@return string? code
function udp:set_multicast_loopback(on) end

---@param hops integer
---@return true?
---@return string? message
---@return string? code
function udp:set_multicast_ttl(hops) end

---@param hops integer
---@return true?
---@return string? message
---@return string? code
function udp:set_ttl(hops) end

---@param on boolean
---@return true?
---@return string? message
---@return string? code
function udp:set_broadcast(on) end

---@param bytes integer
---@return true?
---@return string? message
---@return string? code
function udp:set_recv_buffer_size(bytes) end

---@return integer?
---@return string? message
---@return string? code
function udp:get_recv_buffer_size() end

---@param bytes integer
---@return true?
---@return string? message
---@return string? code
function udp:set_send_buffer_size(bytes) end

---@return integer?
---@return string? message
---@return string? code
function udp:get_send_buffer_size() end

---@alias procrun.udp_event "message" | "error" | "listening" | "connect" | "close"

---@param name procrun.udp_event
---@param fn async fun(...)
---@return self
function udp:on(name, fn) end

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

---@async
---@param host string
---@param options? procrun.lookup_options | 4 | 6
---@return string | procrun.host_address[]? address
---@return 4 | 6 | string family or the message
---@return string? code "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", …
function M.lookup(host, options) end

return M
