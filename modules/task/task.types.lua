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

---@return procrun.task
function t:cancel() end

---@return "ready" | "running" | "waiting" | "done" | "failed" | "cancelled"
function t:status() end

---@class procrun.task.group
local group = {}

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

---@return procrun.task.group
function group:cancel() end

---@class procrun.task.queue
---@operator len: integer
---@overload async fun(): any
local queue = {}

---@async
---@param value any not nil
---@param timeout? procrun.time
---@return true? put
---@return string? message
---@return string? code `"ETIMEDOUT"`, `"EPIPE"`
function queue:put(value, timeout) end

---@async
---@param timeout? procrun.time
---@return any value
---@return string? message
---@return string? code `"ETIMEDOUT"`, `"EPIPE"`
function queue:get(timeout) end

function queue:close() end

---@return integer
function queue:size() end

---@class procrun.task.semaphore
local semaphore = {}

---@async
---@param timeout? procrun.time
---@return procrun.task.permit? permit a `<close>` value
---@return string? message
---@return string? code
---@nodiscard
function semaphore:acquire(timeout) end

function semaphore:release() end

---@return integer
function semaphore:free() end

---@class procrun.task.permit
local permit = {}

function permit:release() end

---@class procrun.task.event
local event = {}

---@async
---@param timeout? procrun.time
---@return true? set
---@return string? message
---@return string? code
function event:wait(timeout) end

---@return procrun.task.event
function event:set() end

---@return procrun.task.event
function event:clear() end

---@return boolean
function event:is_set() end

local task = {}

---@param fn async fun(...): ...
---@param ... any
---@return procrun.task
function task.spawn(fn, ...) end

---@async
---@param time procrun.time
---@return true
function task.sleep(time) end

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

---@async
---@param fn async fun(...): ...
---@param ... any
---@return any ...
function task.shield(fn, ...) end

---@async
---@param list (procrun.task | async fun(): any)[]
---@return { [integer]: any, n: integer } results
function task.all(list) end

---@async
---@param list (procrun.task | async fun(): ...)[]
---@return any ...
function task.race(list) end

---@async
---@generic T, R
---@param items T[]
---@param n integer how many at once
---@param fn async fun(item: T, index: integer): R
---@return R[]
function task.map(items, n, fn) end

---@return procrun.task.group
---@nodiscard
function task.group() end

---@param n? integer how many values it holds
---@return procrun.task.queue
---@nodiscard
function task.queue(n) end

---@param n integer
---@return procrun.task.semaphore
---@nodiscard
function task.semaphore(n) end

---@return procrun.task.event
---@nodiscard
function task.event() end

---@return procrun.task?
function task.current() end

---@param err any
---@return boolean
function task.is_cancel(err) end

return task
