---@meta procrun.process

---@class procrun.process.usage
---@field cpu number seconds: user and system
---@field cpu_user number
---@field cpu_system number
---@field peak_rss integer bytes
---@field minor_faults integer
---@field major_faults integer
---@field voluntary_switches integer
---@field involuntary_switches integer
---@field read_bytes? integer
---@field write_bytes? integer
---@field rss? integer bytes; this and what follows not in results
---@field threads? integer
---@field state? "R"|"S"|"D"|"T"|"t"|"Z"|"I"|"P"|"X"
---@field state_name? string
---@field children? integer[]

---This process; also the global `process`. Its functions work with '.' and ':'.
---@class procrun.process: procrun.emitter
---@field pid integer
---@field ppid integer
---@field argv string[] the table `arg`
---@field exec_path string
---@field script_dir? string
---@field platform string "linux", "darwin", "freebsd"
---@field title string
---@field env table<string, string|nil>
---@field exit_code integer
---@field exit_timeout number|string
---@field stdin procrun.stream
---@field stdout procrun.stream
---@field stderr procrun.stream
---@field connected boolean
---@field channel? procrun.channel
process = {}

---@alias procrun.process_event "message" | "disconnect" | "exit" | "before_exit" | "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGUSR1" | "SIGUSR2" | "SIGWINCH" | "SIGCHLD"

---A signal's name is an event, too.
---@param name procrun.process_event | string
---@param fn async fun(...)
---@return procrun.process
function process:on(name, fn) end

---Adds a listener that is called once.
---@param name procrun.process_event | string
---@param fn async fun(...)
---@return procrun.process
function process:once(name, fn) end

---The working directory.
---@return string? directory
---@return string? message
---@return string? code
function process.cwd() end

---Changes it, for the whole process: all tasks, and children started from now on.
---@param directory string
---@return true? ok
---@return string? message
---@return string? code
function process.chdir(directory) end

---Sends a signal, `"SIGTERM"` unless another is named, to any process by its number, or with a
---minus to a process group.
---@param pid integer a process; negative: a process group
---@param signal? procrun.signal_name
---@return true? ok
---@return string? message
---@return string? code
function process.kill(pid, signal) end

---Unwinds the calling task, cancels the others, flushes, ends; as os.exit.
---@param code? integer|boolean
function process.exit(code) end

---Seconds since this process began to run.
---@return number seconds
function process.uptime() end

---What this process has used so far, and how it is.
---@return procrun.process.usage
function process.usage() end

---How many processors this process may use; its affinity mask counts.
---@return integer
function process.cores() end

---Sends a message to the parent, in order, and with it a server, a socket or a UDP socket of
---`net`; waits while more than 1 MiB is queued.
---@async
---@param message any
---@param ... any handle, options, callback
---@return boolean? accepted nil for a failure, false where the callback is told of it
---@return string? message
---@return string? code
function process.send(message, ...) end

---The next message of the parent.
---@async
---@param timeout? number|string
---@return any message
---@return any handle_or_message
---@return string? code
function process.receive(timeout) end

---The messages of the parent until it disconnects.
---@return async fun(): any, any
function process.messages() end

---Waits until the kernel has everything that was sent.
---@async
---@param timeout? number|string
---@return true? ok
---@return string? message
---@return string? code
function process.flush(timeout) end

---Closes the channel after what was sent.
function process.disconnect() end

return process
