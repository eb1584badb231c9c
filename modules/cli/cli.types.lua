---@meta procrun.cli

local cli = {}

---The arguments of the script, read by its usage text; --help, --version and wrong arguments end the
---program.
---@param usage_text string
---@param argv? string[] process.argv by default
---@return table<string, any> opt
function cli.args(usage_text, argv) end

-- Questions

---@class procrun.cli.question
---@field timeout? number|string

---@class procrun.cli.confirm: procrun.cli.question
---@field default? boolean what just Enter means; false if not given

---@class procrun.cli.prompt: procrun.cli.question
---@field default? any the answer when just Enter is pressed
---@field validate? fun(text: string): any, string? true: fine; another value is the answer

---@class procrun.cli.select: procrun.cli.question
---@field default? any the value chosen at first; with multi a list of values
---@field multi? boolean several may be chosen

---@class procrun.cli.item
---@field label string|number
---@field value? any the label by default

---Asks for yes or no.
---@async
---@param question string
---@param options? procrun.cli.confirm
---@return boolean? answer
---@return string? message
---@return string? code
function cli.confirm(question, options) end

---Asks for a line of text.
---@async
---@param question string
---@param options? procrun.cli.prompt
---@return any answer
---@return string? message
---@return string? code
function cli.prompt(question, options) end

---Asks for a line that is not shown.
---@async
---@param question? string "Password" by default
---@param options? procrun.cli.question
---@return string? answer
---@return string? message
---@return string? code
function cli.password(question, options) end

---Asks for a choice from a list; with multi it gives a list of values and one of indices.
---@async
---@param question string
---@param items (string|number|procrun.cli.item)[]
---@param options? procrun.cli.select
---@return any value
---@return integer|integer[]|string|nil index or the message
---@return string? code
function cli.select(question, items, options) end

-- Colour

---Coloured text by name; `on` says whether it is coloured.
---@class procrun.cli.palette
---@field on boolean
---@field bold fun(value: any): string
---@field dim fun(value: any): string
---@field italic fun(value: any): string
---@field underline fun(value: any): string
---@field inverse fun(value: any): string
---@field strike fun(value: any): string
---@field black fun(value: any): string
---@field red fun(value: any): string
---@field green fun(value: any): string
---@field yellow fun(value: any): string
---@field blue fun(value: any): string
---@field magenta fun(value: any): string
---@field cyan fun(value: any): string
---@field white fun(value: any): string
---@field grey fun(value: any): string

---The functions below for another target than standard output, or with colour forced on or off.
---@param target? procrun.terminal|boolean
---@return procrun.cli.palette
function cli.colour(target) end

---@param value any
---@return string
function cli.bold(value) end

---@param value any
---@return string
function cli.dim(value) end

---@param value any
---@return string
function cli.italic(value) end

---@param value any
---@return string
function cli.underline(value) end

---@param value any
---@return string
function cli.inverse(value) end

---@param value any
---@return string
function cli.strike(value) end

---@param value any
---@return string
function cli.black(value) end

---@param value any
---@return string
function cli.red(value) end

---@param value any
---@return string
function cli.green(value) end

---@param value any
---@return string
function cli.yellow(value) end

---@param value any
---@return string
function cli.blue(value) end

---@param value any
---@return string
function cli.magenta(value) end

---@param value any
---@return string
function cli.cyan(value) end

---@param value any
---@return string
function cli.white(value) end

---@param value any
---@return string
function cli.grey(value) end

---The columns the text takes on a terminal; of several lines, those of the widest.
---@param text string
---@return integer
function cli.width(text) end

---The text without escape sequences.
---@param text string
---@return string
function cli.strip(text) end

-- Log

---What is told on standard error.
---@class procrun.cli.log
---@overload fun(format: any, ...: any)
local log = {}

---@async
---@param format any the text; a format if there is anything to put in
---@param ... any values, then maybe a table of fields
function log.debug(format, ...) end

---@async
---@param format any
---@param ... any
function log.info(format, ...) end

---@async
---@param format any
---@param ... any
function log.warn(format, ...) end

---@async
---@param format any
---@param ... any
function log.error(format, ...) end

---@alias procrun.cli.log_level "debug"|"info"|"warn"|"error"|"off"

---@param options { level?: procrun.cli.log_level, time?: boolean, json?: boolean }
function log.configure(options) end

---Are messages of that level shown?
---@param level procrun.cli.log_level
---@return boolean
function log.enabled(level) end

---@type procrun.cli.log
cli.log = log

-- Tables

---@class procrun.cli.column
---@field key any
---@field title? string
---@field align? "left"|"right"|"centre"
---@field width? integer
---@field format? string|fun(value: any, record: table): any

---@class procrun.cli.table_options
---@field columns? (string|procrun.cli.column)[]
---@field header? string[]|boolean
---@field align? ("left"|"right"|"centre")[]
---@field separator? string
---@field width? integer
---@field overflow? "cut"|"wrap"
---@field file? file*

---Prints rows in columns.
---@async
---@param rows table
---@param options? procrun.cli.table_options
function cli.table(rows, options) end

---Rows in columns, as a string.
---@param rows table
---@param options? procrun.cli.table_options
---@return string
function cli.format_table(rows, options) end

---@param rows table
---@param options? { columns?: (string|procrun.cli.column)[], header?: string[]|boolean, separator?: string, newline?: string }
---@return string
function cli.csv(rows, options) end

---@param rows table
---@param options? { columns?: (string|procrun.cli.column)[], header?: string[]|boolean }
---@return string
function cli.tsv(rows, options) end

-- Progress

---@class procrun.cli.bar_options
---@field text? string
---@field unit? string "bytes", or any word
---@field value? number
---@field quiet? boolean
---@field leave? boolean

---A bar or spinner; a `<close>` value.
---@class procrun.cli.bar
---@field text string?
---@field total number?
---@field value number
local bar = {}

---So many more are done.
---@param n? number 1 by default
---@return procrun.cli.bar
function bar:add(n) end

---So many are done.
---@param value number
---@return procrun.cli.bar
function bar:set(value) end

---@async
---@param text? string
function bar:finish(text) end

---@async
---@param text? string
function bar:fail(text) end

---@async
function bar:close() end

---@async
---@param total? number
---@param options? procrun.cli.bar_options
---@return procrun.cli.bar
function cli.progress(total, options) end

---@async
---@param text? string
---@param options? procrun.cli.bar_options
---@return procrun.cli.bar
function cli.spinner(text, options) end

---A loop with a bar: over a list with options, or options and an iterator, or an iterator.
---@async
---@param items table|function
---@param ... any
---@return fun(...: any): any ...
---@return any
---@return any
---@return any
function cli.track(items, ...) end

---@class procrun.cli.group
local group = {}

---@async
---@param total? number
---@param options? procrun.cli.bar_options
---@return procrun.cli.bar
function group:progress(total, options) end

---@async
---@param text? string
---@param options? procrun.cli.bar_options
---@return procrun.cli.bar
function group:spinner(text, options) end

---@async
function group:close() end

---@param options? procrun.cli.bar_options
---@return procrun.cli.group
function cli.live(options) end

---@class procrun.cli.pause
local pause = {}

---The bars come back.
function pause:close() end

---Takes all bars off the screen until the value is closed.
---@async
---@return procrun.cli.pause
function cli.pause() end

return cli
