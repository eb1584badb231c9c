---@meta procrun.sh

---@alias procrun.sh.word string|number|procrun.sh.secret
---@alias procrun.sh.parameter procrun.sh.word|procrun.sh.word[]|table<string, procrun.sh.word|procrun.sh.word[]>
---@alias procrun.sh.variables table<string, string|number|procrun.sh.secret|false> false removes one

---What a verb takes: a template, a table of words and options, a Command.
---@alias procrun.sh.any string|procrun.sh.command_table|procrun.sh.command

---@class procrun.sh.options: procrun.proc.options
---@field ok? integer[] exit codes that are no failure
---@field check? boolean false: a failure is not raised
---@field quiet? boolean nothing is shown
---@field trace? boolean whether -x and sh.trace show it
---@field grace? number|string as kill_after
---@field input? string|procrun.sh.secret
---@field env? procrun.sh.variables
---@field extend_env? procrun.sh.variables

---Words and options; false leaves a word out.
---@class procrun.sh.command_table: procrun.sh.options
---@field [integer] procrun.sh.word|false

---@class procrun.sh
---@overload async fun(command: procrun.sh.any, ...: any): procrun.proc.result
local sh = {}

---Runs it, its output is shown.
---@async
---@param command procrun.sh.any
---@param ... any
---@return procrun.proc.result
function sh.run(command, ...) end

---What it writes to standard output, without newlines and carriage returns at the end.
---@async
---@param command procrun.sh.any
---@param ... any
---@return string
function sh.text(command, ...) end

---Its standard output as JSON.
---@async
---@param command procrun.sh.any
---@param ... any
---@return any
function sh.json(command, ...) end

---Each line as it comes.
---@async
---@param command procrun.sh.any
---@param ... any
---@return async fun(): string?
function sh.lines(command, ...) end

---Whether it succeeds.
---@async
---@param command procrun.sh.any
---@param ... any
---@return boolean
function sh.ok(command, ...) end

---Runs it with both outputs captured; a failure is in the result.
---@async
---@param command procrun.sh.any
---@param ... any
---@return procrun.proc.result
function sh.try(command, ...) end

---Goes on beside it.
---@async
---@param command procrun.sh.any
---@param ... any
---@return procrun.sh.job
function sh.start(command, ...) end

---@class procrun.sh.job
---@field pid? integer
---@field stdin? procrun.stream
---@field stdout? procrun.stream
---@field stderr? procrun.stream
local job = {}

---@async
---@param timeout? number|string
---@return procrun.proc.result? result
---@return string? message
---@return string? code
function job:wait(timeout) end

---@return boolean
function job:running() end

---@param signal? string|integer
---@return true? ok
---@return string? message
---@return string? code
function job:kill(signal) end

---@async
---@param grace? number|string
---@return procrun.proc.result
function job:terminate(grace) end

---A description of programs joined by pipes, not yet run.
---@class procrun.sh.command
---@operator bor(any): procrun.sh.command
local command = {}

---Its first program reads the file.
---@param path string
---@return procrun.sh.command
function command:from(path) end

---What its last stage prints is written to the file, which is emptied first.
---@param path string
---@return procrun.sh.command
function command:to(path) end

---What its last stage prints is written at the end of the file.
---@param path string
---@return procrun.sh.command
function command:append(path) end

---With these options, which win over those that it has.
---@param options procrun.sh.options
---@return procrun.sh.command
function command:with(options) end

---A text that is shown as ***.
---@class procrun.sh.secret
---@operator concat(any): procrun.sh.secret
local secret = {}

---@return string
function secret:reveal() end

---@class procrun.sh.host
---@field host string
---@field user? string
---@field port? integer
---@field ssh? string|procrun.args words for ssh, or another program and words for it

---Describes a command and does not run it.
---@param command procrun.sh.any
---@param ... procrun.sh.parameter
---@return procrun.sh.command
function sh.cmd(command, ...) end

---Bytes, as the first stage of a pipeline.
---@param bytes string|procrun.sh.secret
---@return procrun.sh.command
function sh.data(bytes) end

---A script for a real bash -euo pipefail, with the values as "$1", "$2", ...
---@param script string|procrun.sh.command_table
---@param ... procrun.sh.parameter
---@return procrun.sh.command
function sh.script(script, ...) end

---Runs a script by a real bash -euo pipefail, with the values as "$1", "$2", ...
---@async
---@param script string|procrun.sh.command_table
---@param ... procrun.sh.parameter
---@return procrun.proc.result
function sh.bash(script, ...) end

---The verbs with these words before each command, and these options.
---@param words string|procrun.sh.command_table
---@param ... procrun.sh.parameter
---@return procrun.sh
function sh.with(words, ...) end

---The verbs on another host, by ssh.
---@param host string|procrun.sh.host
---@param options? procrun.sh.command_table
---@return procrun.sh
function sh.remote(host, options) end

---The text as one word for a POSIX shell.
---@param text string|number
---@return string
function sh.quote(text) end

---A text that is shown as ***.
---@param text string|number
---@return procrun.sh.secret
function sh.secret(text) end

---Shows the commands of this task, and of those that it starts, to the end of the block.
---@param on? boolean true if nothing is said
---@return procrun.task.scope
function sh.trace(on) end

---Whether this is a dry run: procrun -n.
---@return boolean
function sh.dry() end

---The metatable of error objects.
---@type table
sh.Error = nil

---Ends the script with one line on standard error, unless somebody catches it.
---@param message string
---@param code? integer
function sh.fail(message, code) end

---Gives back what it was given, or raises the message where the value is nil or false.
---@generic T
---@param value T?
---@param message? any
---@param ... any
---@return T value
---@return any ...
function sh.check(value, message, ...) end

---Raises an error that names those that are not on PATH.
---@param ... string
function sh.need(...) end

---@param name string
---@return string? path
---@return string? message
---@return string? code
function sh.which(name) end

---A working directory for this task to the end of the block.
---@async
---@param directory string|procrun.fs.temp
---@return table scope
function sh.cd(directory) end

---Variables of the environment for this task to the end of the block; false removes one.
---@param variables table<string, any>
---@return table scope
function sh.setenv(variables) end

---@async
---@param options? string|procrun.fs.temp_options
---@return procrun.fs.temp
function sh.tmpdir(options) end

---Calls fn(...) at the end of the block.
---@param fn async fun(...: any)
---@param ... any
---@return table scope
function sh.defer(fn, ...) end

---Calls fn(why) at the end of the block if an error or a cancel ends it.
---@param fn async fun(why: any)
---@return table scope
function sh.undo(fn) end

---@async
---@generic T, R
---@param items T[]
---@param n integer
---@param fn async fun(item: T): R
---@return R[]
function sh.map(items, n, fn) end

---@async
---@param functions table<any, async fun(): any>
---@return table<any, any>
function sh.all(functions) end

---@async
---@param time number|string
---@param fn async fun(...: any): ...: any
---@param ... any
---@return any ...
function sh.timeout(time, fn, ...) end

---@async
---@param time number|string
---@return true
function sh.sleep(time) end

---@class procrun.sh.retry_options
---@field times? number
---@field delay? number|string
---@field factor? number
---@field max? number|string
---@field jitter? boolean
---@field when? async fun(err: any, n: integer): any
---@field on? async fun(n: integer, err: any, pause: number)
---@field reset? number|string

---@async
---@param options procrun.sh.retry_options|number
---@param fn async fun(...: any): ...: any
---@param ... any
---@return any ...
function sh.retry(options, fn, ...) end

return sh
