---@meta procrun.pool

--- Options of the workers' start are those of proc.fork.
---@class procrun.pool.options: procrun.proc.options
---@field size? integer most workers
---@field min? integer so many are started at once, and kept
---@field concurrency? integer jobs at a time in one worker
---@field queue? number most jobs that wait for a worker
---@field timeout? number|string
---@field retries? number how often a job is done again after a crash
---@field grace? number|string how long a cancelled job may go on
---@field idle_timeout? number|string
---@field start_timeout? number|string
---@field max_jobs? number a worker is replaced after so many
---@field max_memory? number|string a worker that has grown beyond is replaced
---@field args? any[] arguments of the file
---@field modules? string[] modules beside the file that are sent along
---@field hosts? (string|{host: string, slots?: integer, exec_path?: string[]})[]
---@field slots? integer workers at each host that says nothing else
---@field ssh? string[] the words before the host

---@class procrun.pool.call_options
---@field timeout? number|string
---@field retries? number
---@field priority? integer

---@class procrun.pool
local p = {}

---@async
---@param ... any
---@return any value, any ...
function p:call(...) end

--- As call, without waiting for the result.
---@async
---@param ... any
---@return procrun.pool.job
function p:start(...) end

--- The first results in the order of the items; the first error is raised.
---@async
---@param name string|any[]|fun(): any
---@param items? any[]|fun(): any
---@return any[]
function p:map(name, items) end

--- One by one as they are done: index, results…
---@async
---@param name string|any[]|fun(): any
---@param items? any[]|fun(): any
---@return fun(): integer, any, any, any
function p:completed(name, items) end

---@async
---@param ... any
---@return any[]
function p:broadcast(...) end

---@param options procrun.pool.call_options
---@return procrun.pool
function p:with(options) end

---@return table
function p:stats() end

---@async
---@param timeout? number|string
---@return true|nil, string? message, string? code
function p:close(timeout) end

---@async
function p:kill() end

---@class procrun.pool.job
local job = {}

---@async
---@param timeout? number|string
---@return any value, any ...
function job:wait(timeout) end

---@return procrun.pool.job
function job:cancel() end

---@return "queued"|"running"|"done"
function job:status() end

---@class procrun.supervisor: procrun.emitter
local supervisor = {}

---@param name string
---@return procrun.child|nil
function supervisor:child(name) end

---@param name? string
---@return table
function supervisor:status(name) end

---@async
---@param name string
function supervisor:stop(name) end

---@async
---@param name string
---@return true|nil, string? message, string? code
function supervisor:start(name) end

---@async
---@param name string
---@return true|nil, string? message, string? code
function supervisor:restart(name) end

---@async
---@param timeout? number|string
---@return true|nil, string? message, string? code
function supervisor:wait(timeout) end

---@async
function supervisor:close() end

---@alias procrun.supervisor_event "start" | "ready" | "exit" | "restart" | "failed"

---Adds a listener; the page names the events.
---@param name procrun.supervisor_event
---@param fn async fun(name: string, ...): any
---@return procrun.supervisor
function supervisor:on(name, fn) end

--- Jobs for worker processes. See pool.md.
local pool = {}

---@async
---@param script string path of a file that returns a function, or a table of functions
---@param options? procrun.pool.options
---@return procrun.pool|nil pool, string? message, string? code
function pool.new(script, options) end

---@async
---@param spec table list of children, with options for all
---@return procrun.supervisor|nil supervisor, string? message, string? code
function pool.supervise(spec) end

return pool
