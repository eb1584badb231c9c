---@meta procrun

local procrun = {}

---"0.1.0"
---@type string
procrun.version = ""

---Facts about this build, as `procrun --config` prints them.
---@return table<string, string>
function procrun.config() end

---@class procrun.inspect_options
---@field depth? integer tables inside tables (5)
---@field width? integer columns of a line (80)
---@field items? integer shown of an array, and of the other keys of a table (100)
---@field text? integer bytes shown of a string (10000)

---Readable text of any value, as the prompt shows it.
---@param value any
---@param options? procrun.inspect_options
---@return string
function procrun.inspect(value, options) end

---Writes what this process does and waits for, by default to standard error.
---@param where? { write: fun(self, text: string) }
---@return true? done
---@return string? message
---@return string|integer? code
function procrun.dump(where) end

---@class procrun.snapshot.task
---@field id integer
---@field name? string
---@field label string
---@field state "running" | "ready" | "waiting"
---@field dispatch? boolean
---@field cancelled? boolean
---@field alive? boolean it keeps the process alive
---@field waits_for? string
---@field at? string the object at which it waits
---@field joins? integer the task whose end it waits for
---@field since? number seconds
---@field times_out_in? number seconds
---@field place? string "file:line"
---@field stack string[]
---@field parents string[]

---@class procrun.snapshot
---@field pid integer
---@field ppid integer
---@field version string
---@field script? string
---@field args string[]
---@field heap? integer bytes; not known in a finalizer
---@field loop table
---@field kept_alive_by string[]
---@field tasks procrun.snapshot.task[]
---@field children table[]
---@field streams table[]
---@field channels table[]
---@field timers table[]
---@field servers table[]
---@field udp table[]
---@field dials table[]
---@field signals table[]
---@field sync table[]
---@field watchers table[]
---@field others table[]

---The same facts for programs; json can encode it.
---@return procrun.snapshot
function procrun.snapshot() end

---One line an event, to standard error or a file; without categories: no more.
---@param categories? string|false `"proc,channel,task,stream,net,fs,timer,signal"`, `"all"`
---@param path? string with `+` in front: at its end
---@return true?
---@return string? message
---@return string? code
function procrun.trace(categories, path) end

---@class procrun.profiler
local profiler = {}

---Ends the profile and writes its file.
---@return integer? samples
---@return string? message
---@return string? code
function profiler:stop() end

---@class procrun.profile.options
---@field interval? procrun.time 1 ms of processor time

---The same for a part of a program.
---@param path string `%p` in it becomes the number of this process
---@param options? procrun.profile.options
---@return procrun.profiler?
---@return string? message
---@return string? code
function procrun.profile(path, options) end

return procrun
