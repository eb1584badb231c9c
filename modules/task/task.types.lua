---@meta procrun.task

---@class procrun.task
---@field name? string shown in tracebacks and reports
---@field id integer
local t = {}

---Waits for the end of the task. Raises its error; `nil, message, "ECANCELED"` if it was cancelled.
---@async
---@param timeout? procrun.time
---@return any ...
function t:wait(timeout) end

---Ends it: its next wait, the present one included, raises.
---@return procrun.task
function t:cancel() end

---"ready", "running", "waiting", "done", "failed" or "cancelled".
---@return "ready" | "running" | "waiting" | "done" | "failed" | "cancelled"
function t:status() end

---@class procrun.task.group
local group = {}

---As `task.spawn`, as a member of the group.
---@param fn async fun(...)
---@param ... any
---@return procrun.task
function group:spawn(fn, ...) end

---Raises the first error of a member, once.
---@async
---@param timeout? procrun.time
---@return true? all_ended
---@return string? message
---@return string? code
function group:wait(timeout) end

---Cancels all members, and those spawned later.
---@return procrun.task.group
function group:cancel() end

---@class procrun.task.queue
---@operator len: integer
---@overload async fun(): any
local queue = {}

---Adds a value, anything but nil; waits while the queue is full.
---@async
---@param value any not nil
---@param timeout? procrun.time
---@return true? put
---@return string? message
---@return string? code `"ETIMEDOUT"`, `"EPIPE"`
function queue:put(value, timeout) end

---Takes the oldest value; waits for one.
---@async
---@param timeout? procrun.time
---@return any value
---@return string? message
---@return string? code `"ETIMEDOUT"`, `"EPIPE"`
function queue:get(timeout) end

---No more values are put; those inside can still be got.
function queue:close() end

---How many values it holds; also `#q`.
---@return integer
function queue:size() end

---@class procrun.task.semaphore
local semaphore = {}

---Takes a permit; waits for one.
---@async
---@param timeout? procrun.time
---@return procrun.task.permit? permit a `<close>` value
---@return string? message
---@return string? code
---@nodiscard
function semaphore:acquire(timeout) end

---Adds a permit, for those that are not tied to a block.
function semaphore:release() end

---How many permits nobody holds.
---@return integer
function semaphore:free() end

---@class procrun.task.permit
local permit = {}

---Gives it back; a second time does nothing.
function permit:release() end

---@class procrun.task.event
local event = {}

---Waits until the event is set; a task that waits when it is set goes on, even if it is cleared
---right after.
---@async
---@param timeout? procrun.time
---@return true? set
---@return string? message
---@return string? code
function event:wait(timeout) end

---Lets all go on that wait, and those that come later.
---@return procrun.task.event
function event:set() end

---From now on tasks wait again.
---@return procrun.task.event
function event:clear() end

---Whether it is set.
---@return boolean
function event:is_set() end

---@class procrun.task.variable
local variable = {}

---What this task has set, or what it was started with; or else the default.
---@return any value
function variable:get() end

---Gives it a value, for this task and for those that it starts from now on, until the scope is closed.
---@param value any nil: the default again
---@return procrun.task.scope scope a `<close>` value
---@nodiscard
function variable:set(value) end

---@class procrun.task.scope
local scope = {}

---Ends it; a second time does nothing.
function scope:close() end

local task = {}

---Starts a task that calls `fn(...)`.
---@param fn async fun(...): ...
---@param ... any
---@return procrun.task
function task.spawn(fn, ...) end

---Waits.
---@async
---@param time procrun.time
---@return true
function task.sleep(time) end

---The same as `sleep(0)`: for loops that compute for long.
---@async
---@return true
function task.yield() end

---The results of `fn`, or `nil, "timeout", "ETIMEDOUT"`.
---@async
---@param time procrun.time
---@param fn async fun(...): ...
---@param ... any
---@return any ...
function task.timeout(time, fn, ...) end

---Calls `fn(...)` in this task without interruption: cancels and timeouts from outside are
---delivered at the first wait after it.
---@async
---@param fn async fun(...): ...
---@param ... any
---@return any ...
function task.shield(fn, ...) end

---Runs functions, each as a task, and tasks that exist already, to their ends.
---@async
---@param list (procrun.task | async fun(): any)[]
---@return { [integer]: any, n: integer } results
function task.all(list) end

---As `all`, but the first to end decides: its results are returned, or its error is raised, after
---the others have been cancelled and have ended.
---@async
---@param list (procrun.task | async fun(): ...)[]
---@return any ...
function task.race(list) end

---Calls `fn(item, index)` for each item of a list, at most `n` at a time.
---@async
---@generic T, R
---@param items T[]
---@param n integer how many at once
---@param fn async fun(item: T, index: integer): R
---@return R[]
function task.map(items, n, fn) end

---A group of tasks that end together.
---@return procrun.task.group
---@nodiscard
function task.group() end

---A queue that holds up to `n` values; without `n`, any number.
---@param n? integer how many values it holds
---@return procrun.task.queue
---@nodiscard
function task.queue(n) end

---`n` permits.
---@param n integer
---@return procrun.task.semaphore
---@nodiscard
function task.semaphore(n) end

---Something that is set or not; not, to begin with.
---@return procrun.task.event
---@nodiscard
function task.event() end

---A variable whose value belongs to the task, and to the tasks that it starts.
---@param default? any
---@return procrun.task.variable
---@nodiscard
function task.variable(default) end

---The task that runs.
---@return procrun.task?
function task.current() end

---Whether an error value, as a `__close` handler gets it, is a cancel, a timeout or an exit under
---way.
---@param err any
---@return boolean
function task.is_cancel(err) end

return task
