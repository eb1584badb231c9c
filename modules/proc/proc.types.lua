---@meta procrun.proc

---@alias procrun.size integer|string bytes, or "64M"
---@alias procrun.stdio "pipe"|"overlapped"|"ignore"|"inherit"|"ipc"|"stdout"|integer|procrun.stream|procrun.server|procrun.udp|file*|lightuserdata|{ fd: integer }|{ fileno: fun(self): integer }|false
---@alias procrun.args (string|number)[]

---@class procrun.proc.limits math.huge: as much as may be had
---@field cpu? procrun.time
---@field memory? procrun.size|number
---@field file_size? procrun.size|number
---@field core? procrun.size|number
---@field files? integer|number
---@field processes? integer|number
---@field nice? integer

---@alias procrun.proc.capture boolean|"tee"|"tail"|"last"

---@class procrun.proc.options
---@field cwd? string
---@field cur_dir? string
---@field env? table<string, string|number|false>
---@field extend_env? table<string, string|number|false>
---@field stdio? string|table<integer, procrun.stdio>
---@field stdin? procrun.stdio
---@field stdout? procrun.stdio
---@field stderr? procrun.stdio
---@field input? string
---@field capture? procrun.proc.capture|{ stdout?: procrun.proc.capture, stderr?: procrun.proc.capture }
---@field max_line? procrun.size
---@field label? string
---@field output? "group"|false
---@field max_buffer? procrun.size
---@field timeout? procrun.time
---@field kill_signal? procrun.signal_name
---@field kill_after? procrun.time
---@field detached? boolean
---@field group? boolean
---@field uid? integer|string
---@field gid? integer|string
---@field umask? integer
---@field argv0? string
---@field shell? boolean|string
---@field autokill? boolean|"tree"|procrun.signal_name
---@field limits? procrun.proc.limits
---@field silent? boolean
---@field exec_path? string|string[]
---@field exec_args? string[]
---@field visible? procrun.args the command as results, errors and --trace show it
---@field channel? "fd"|"stdio"|false
---@field max_message? procrun.size
---@field serialization? "json"
---@field keep_open? boolean
---@field encoding? any

---A program, its arguments, and options by name.
---@class procrun.proc.command: procrun.proc.options
---@field [integer] string|number

---@class procrun.error
---@field message string
---@field code? string
---@field exit_code? integer
---@field signal? string
---@field timed_out? boolean
---@field command? string
---@field argv? string[]
---@field cwd? string
---@field seconds? number
---@field stdout? string
---@field stderr? string
---@field where? string
---@field during? any
---@field result? procrun.proc.result
---@field path? string
---@field stage? integer

---@class procrun.proc.result
---@field ok boolean
---@field code? integer
---@field signal? string
---@field stdout? string
---@field stderr? string
---@field timed_out boolean
---@field timeout? number
---@field limit? "cpu"|"memory"|"file_size"|"processes"
---@field error? string
---@field errno? string
---@field step? string
---@field seconds number
---@field usage procrun.process.usage
---@field command string
---@field argv string[]
---@field pid? integer
---@field path? string
---@field stopped? string
---@field stages? procrun.proc.result[]
---@field stage? integer
---@field problem? string
local result = {}

---@return self
function result:check() end

---Standard output without the newlines and carriage returns at its end.
---@return string
function result:text() end

---The lines of standard output.
---@return string[]
function result:lines() end

---Standard output as JSON.
---@return any value
---@return string? message
---@return string? code
function result:json() end

---The error object.
---@return procrun.error
function result:to_error() end

---The exit status as a shell tells it: 0 to 255.
---@return integer
function result:status() end

---@class procrun.job
---@field children procrun.child[]
---@field stdin? procrun.stream
---@field stdout? procrun.stream
---@field stderr? procrun.stream
---@field result? procrun.proc.result
local job = {}

---Waits for every stage; raises the error of a function.
---@async
---@param timeout? procrun.time
---@return procrun.proc.result? result
---@return string? message
---@return string? code
function job:wait(timeout) end

---@param signal? procrun.signal_name
---@return true? ok
---@return string? message
---@return string? code
function job:kill(signal) end

---@param signal? procrun.signal_name
---@return true? ok
---@return string? message
---@return string? code
function job:kill_tree(signal) end

---@class procrun.child: procrun.emitter
---@field pid integer
---@field id integer
---@field stdin? procrun.stream
---@field stdout? procrun.stream
---@field stderr? procrun.stream
---@field stdio table<integer, procrun.stream>
---@field spawnfile string
---@field spawnargs string[]
---@field killed boolean
---@field connected boolean
---@field channel? { ref: fun(self), unref: fun(self) }
---@field result? procrun.proc.result
local child = {}

---Waits until the child has ended and its output is complete.
---@async
---@param timeout? procrun.time
---@return procrun.proc.result? result
---@return string? message
---@return string? code
function child:wait(timeout) end

---`"SIGTERM"` (default), `"TERM"`, 15.
---@param signal? procrun.signal_name
---@return true? ok
---@return string? message
---@return string? code
function child:kill(signal) end

---The child and all that it has started, also in other groups and sessions, as long as their
---parents live or were seen before, or they share a cgroup (Autokill).
---@param signal? procrun.signal_name
---@return true? ok
---@return string? message
---@return string? code
function child:kill_tree(signal) end

---Changes limits of a running child, the same table.
---@param limits procrun.proc.limits
---@return true? ok
---@return string? message
---@return string? code
function child:limit(limits) end

---The exit status.
---@return integer? code
---@return "active"|"killed"|"forgotten"|nil why
---@return integer? number
---@return string? name
---@return boolean? core
function child:exit_code() end

---Ended by itself is `"finished"`, by a signal `"killed"`.
---@return "active"|"finished"|"killed"|"forgotten"
function child:status() end

---Lets it go on by itself: our ends of its pipes are closed, nothing here waits for it, it is
---still reaped.
function child:forget() end

---A running child keeps this process alive: the default.
---@return self
function child:ref() end

---It does not.
---@return self
function child:unref() end

---What the running child itself has used so far, and how it is: the fields of usage.
---@return procrun.process.usage? usage
---@return string? message
---@return string? code
function child:usage() end

---Sends a message, and with it a server, a socket or a UDP socket of `net`; waits while more than
---1 MiB is queued.
---@async
---@param message any a value that JSON can say
---@param handle? procrun.server|procrun.socket|procrun.udp
---@param options? { keep_open: boolean? }
---@param callback? async fun(err: procrun.error?)
---@return boolean? accepted nil for a failure, false where the callback is told of it
---@return string? message
---@return string? code
---@overload async fun(self, message: any, callback: async fun(err: procrun.error?)): boolean
---@overload async fun(self, message: any, handle: any, callback: async fun(err: procrun.error?)): boolean
function child:send(message, handle, options, callback) end

---The next message.
---@async
---@param timeout? procrun.time
---@return any message
---@return any handle_or_message
---@return string? code
function child:receive(timeout) end

---All messages, each with its handle if it has one, until the end of the channel.
---@return async fun(): any, any
function child:messages() end

---Waits until the kernel has everything that was sent.
---@async
---@param timeout? procrun.time
---@return true? ok
---@return string? message
---@return string? code
function child:flush(timeout) end

---Closes the channel after what was sent.
function child:disconnect() end

---@alias procrun.proc.amount "*a"|"*l"|"*L"|integer
---@alias procrun.proc.expires number|string a point on proc.clock(), or "1.5s" from now on

---luapower's way to read standard output.
---@async
---@param what? procrun.proc.amount
---@param expires? procrun.proc.expires
---@return string? bytes
---@return string? message
---@return string? code
---@overload async fun(self, what: procrun.proc.amount?, size: nil, expires: procrun.proc.expires): string?, string?, string?
function child:read_stdout(what, expires) end

---The same of standard error.
---@async
---@param what? procrun.proc.amount
---@param expires? procrun.proc.expires
---@return string? bytes
---@return string? message
---@return string? code
---@overload async fun(self, what: procrun.proc.amount?, size: nil, expires: procrun.proc.expires): string?, string?, string?
function child:read_stderr(what, expires) end

---Writes all bytes, or the first `length` of them, to standard input; without bytes closes it.
---@async
---@param bytes? string|number
---@param length? integer|procrun.proc.expires
---@param expires? procrun.proc.expires
---@return true? ok
---@return string? message
---@return string? code
function child:write_stdin(bytes, length, expires) end

---What luapower's functions return.
---@class procrun.proc.process: procrun.child
local process = {}

---@param signal? procrun.signal_name SIGKILL unless given
---@return true? ok
---@return string? message
---@return string? code
function process:kill(signal) end

---Waits for its end.
---@async
---@param expires? procrun.proc.expires
---@return integer? code
---@return "active"|"killed"|"forgotten"|nil why
---@return integer? number
---@return string? name
---@return boolean? core
function process:wait(expires) end

---The table form of luapower's functions.
---@class procrun.proc.call: procrun.proc.command
---@field cmd? string|procrun.args
---@field command? string|procrun.args
---@field args? procrun.args|false
---@field dir? string|false
---@field inherit_all_handles? boolean
---@field inherit_handles? boolean
---@field async? boolean
---@field stdin? procrun.stdio|boolean
---@field stdout? procrun.stdio|boolean
---@field stderr? procrun.stdio|boolean

---@class procrun.proc.luafile_call: procrun.proc.call
---@field script? string|procrun.args

---@class procrun.proc.popen_call: procrun.proc.call
---@field open_stdin? boolean
---@field open_stdout? boolean
---@field open_stderr? boolean

---@alias procrun.proc.variables table<string, string|number|boolean>|false

---@class procrun.proc.environment
---@field [string] string
---@overload fun(): table<string, string>
---@overload fun(name: string): string?
---@overload fun(name: string, value: string|number|false)

---@class procrun.proc
---@field env procrun.proc.environment
local proc = {}

---@param file string|procrun.proc.command
---@param args? procrun.args|procrun.proc.options
---@param options? procrun.proc.options
---@return procrun.child? child
---@return string? message
---@return string? code
function proc.spawn(file, args, options) end

---Starts a program, feeds it `input`, captures its output, waits for its end.
---@async
---@param file string|procrun.proc.command
---@param args? procrun.args|procrun.proc.options
---@param options? procrun.proc.options
---@return procrun.proc.result
function proc.run(file, args, options) end

---A new procrun that runs `script`, with a channel for messages.
---@param script string|procrun.proc.command
---@param args? procrun.args|procrun.proc.options
---@param options? procrun.proc.options
---@return procrun.child? child
---@return string? message
---@return string? code
function proc.fork(script, args, options) end

---Through `/bin/sh -c`.
---@param command string
---@param options? procrun.proc.options
---@param callback? async fun(err: procrun.error?, stdout: string, stderr: string)
---@return procrun.child? child
---@return string? message
---@return string? code
---@overload fun(command: string, callback: async fun(err: procrun.error?, stdout: string, stderr: string)): procrun.child?
---@overload fun(cmd: string, args: procrun.args?, env?: procrun.proc.variables, cur_dir?: string, stdin?: procrun.stdio|boolean, stdout?: procrun.stdio|boolean, stderr?: procrun.stdio|boolean, autokill?: boolean|"tree"|procrun.signal_name, inherit_all_handles?: boolean): procrun.proc.process?, string?, string?, string?
---@overload fun(cmd: procrun.args, env?: procrun.proc.variables, cur_dir?: string, stdin?: procrun.stdio|boolean, stdout?: procrun.stdio|boolean, stderr?: procrun.stdio|boolean, autokill?: boolean|"tree"|procrun.signal_name, async?: boolean, inherit_all_handles?: boolean): procrun.proc.process?, string?, string?, string?
---@overload fun(call: procrun.proc.call): procrun.proc.process?, string?, string?, string?
function proc.exec(command, options, callback) end

---luapower's: a script run by this program, without a channel.
---@param script string|procrun.args
---@param args? procrun.args|false
---@param env? procrun.proc.variables
---@param cur_dir? string
---@param stdin? procrun.stdio|boolean
---@param stdout? procrun.stdio|boolean
---@param stderr? procrun.stdio|boolean
---@param autokill? boolean|"tree"|procrun.signal_name
---@param inherit_all_handles? boolean
---@return procrun.proc.process? process
---@return string? message
---@return string? code
---@return string? word
---@overload fun(call: procrun.proc.luafile_call): procrun.proc.process?, string?, string?, string?
function proc.exec_luafile(script, args, env, cur_dir, stdin, stdout, stderr, autokill, inherit_all_handles) end

---luapower's `exec` with pipes to read and write.
---@param cmd string|procrun.args
---@param args? procrun.args|false
---@param env? procrun.proc.variables
---@param cur_dir? string
---@param open_stdin? boolean
---@param open_stdout? boolean
---@param open_stderr? boolean
---@param autokill? boolean|"tree"|procrun.signal_name
---@return procrun.proc.process? process
---@return string? message
---@return string? code
---@return string? word
---@overload fun(call: procrun.proc.popen_call): procrun.proc.process?, string?, string?, string?
function proc.popen_async(cmd, args, env, cur_dir, open_stdin, open_stdout, open_stderr, autokill) end

---As `exec`, without a shell.
---@param file string|procrun.proc.command
---@param args? procrun.args|procrun.proc.options
---@param options? procrun.proc.options
---@param callback? async fun(err: procrun.error?, stdout: string, stderr: string)
---@return procrun.child? child
---@return string? message
---@return string? code
---@overload fun(file: string|procrun.proc.command, callback: async fun(err: procrun.error?, stdout: string, stderr: string)): procrun.child?
---@overload fun(file: string|procrun.proc.command, args: procrun.args|procrun.proc.options, callback: async fun(err: procrun.error?, stdout: string, stderr: string)): procrun.child?
function proc.exec_file(file, args, options, callback) end

---@alias procrun.proc.stage procrun.proc.command|{ input: string }|async fun(line: string): string|number|false|nil

---Programs, and functions that get each line, joined by pipes. The last argument may be options.
---@async
---@param ... procrun.proc.stage|procrun.proc.options
---@return procrun.proc.result
function proc.pipeline(...) end

---The same beside the caller.
---@async
---@param ... procrun.proc.stage|procrun.proc.options
---@return procrun.job? job
---@return string? message
---@return string? code
function proc.start_pipeline(...) end

---A process as proc.info and proc.list tell it.
---@class procrun.proc.info: procrun.process.usage
---@field pid integer
---@field ppid integer
---@field pgid integer
---@field sid integer
---@field name string
---@field argv string[]
---@field command string
---@field exe? string
---@field uid integer
---@field gid integer
---@field user? string
---@field tty? string
---@field nice integer
---@field vsize integer bytes
---@field started number seconds since the epoch
---@field seconds number age

---@class procrun.proc.filter
---@field ppid? integer
---@field pgid? integer
---@field sid? integer
---@field uid? integer
---@field gid? integer
---@field user? string
---@field name? string
---@field state? string one letter

---@class procrun.proc.cpu_times seconds
---@field user number
---@field nice number
---@field system number
---@field idle number
---@field iowait? number
---@field irq number
---@field softirq? number
---@field steal? number

---@class procrun.proc.system
---@field cores integer
---@field cores_online integer
---@field cores_limit? number
---@field load number[] over 1, 5, 15 minutes
---@field memory { total: integer, free: integer, available?: integer, used: integer, cached?: integer, limit?: integer }
---@field swap { total?: integer, free?: integer, used?: integer }
---@field uptime number
---@field boot_time number
---@field cpu procrun.proc.cpu_times
---@field cpus procrun.proc.cpu_times[]
---@field os string
---@field release string
---@field version string
---@field machine string
---@field hostname string

---@async
---@param pid integer
---@return procrun.proc.info? info
---@return string? message
---@return string? code
function proc.info(pid) end

---The same of all processes, by number; or of those that a filter lets through.
---@async
---@param filter? procrun.proc.filter|fun(info: procrun.proc.info): any
---@return procrun.proc.info[]? list
---@return string? message
---@return string? code
function proc.list(filter) end

---Processors, load, memory and names of the machine.
---@async
---@return procrun.proc.system? system
---@return string? message
---@return string? code
function proc.system() end

---@class procrun.proc.scope_options
---@field cwd? string
---@field cur_dir? string the same
---@field env? table<string, string|number> in place of the environment
---@field extend_env? table<string, string|number|false> in addition to it

---A directory and an environment for this task and those that it starts, until the scope is closed.
---@param options procrun.proc.scope_options
---@return procrun.task.scope? scope a `<close>` value
---@return string? message
---@return string? code
---@nodiscard
function proc.scope(options) end

---The program that a bare name would run, by our own `PATH`.
---@param name string
---@return string? path
---@return string? message
---@return string? code
function proc.which(name) end

---`text` as one word for a POSIX shell.
---@param text string|number
---@return string
function proc.quote(text) end

---Sets a variable of this process; without a value, or with false, removes it.
---@param name string
---@param value? string|number|false
function proc.setenv(name, value) end

---`timer.now()`: the clock of luapower's `expires`.
---@return number seconds
function proc.clock() end

return proc
