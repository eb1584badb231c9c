---@meta procrun.cli

local cli = {}

---The arguments of the script, read by its usage text; --help, --version and wrong arguments end the
---program.
---@param usage_text string
---@param argv? string[] process.argv by default
---@return table<string, any> opt
function cli.args(usage_text, argv) end

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

return cli
