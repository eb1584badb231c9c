-- command.lua - a Command: programs joined by pipes, described and not yet run.
-- run(sh.cmd "du -sk" | "sort -rn" | function(line) return line:upper() end)

local misuse = require "procrun.events.misuse"
local options = require "procrun.sh.options"
local quote = require "procrun.proc.command".word
local unrun = require "procrun.sh.unrun"
local words = require "procrun.sh.words"

local M = {}

local Command = { __name = "procrun.command" }
local methods = {}
M.methods = methods

local function new(fields)
  fields._where = fields._where or words.where()
  unrun.note(fields)
  return setmetatable(fields, Command)
end

--- is(value) -> boolean
function M.is(value) return getmetatable(value) == Command end
local is = M.is

--- cmd(with | nil, template | table | Command, ...) -> Command
function M.cmd(with, first, ...)
  if is(first) then misuse("sh.cmd: it is a Command already: %s", tostring(first)) end
  local stage, whole = words.single("sh.cmd", with, first, ...)
  return new { _stages = { stage }, _options = whole }
end

--- data(bytes) -> Command: bytes, as the first stage of a pipeline
function M.data(bytes)
  local secret = package.loaded["procrun.sh.secret"]
  local text, shown = bytes, nil
  if secret then text, shown = secret.reveal(bytes) end
  if type(text) ~= "string" then
    misuse("bad argument #1 to 'sh.data' (string expected, got %s)", type(bytes))
  end
  local stage = { data = text, secret = shown and true, shown = ("data (%s)"):format(
    #text == 1 and "1 byte" or #text .. " bytes") }
  return new { _stages = { stage }, _options = {} }
end

--- script(fname, with | nil, text, ...) | script(fname, with, {text, ..., options}) -> Command: a
--- real bash -euo pipefail; the values are "$1", "$2", ... of the script
function M.script(fname, with, first, ...)
  local argv, masked, to
  if type(first) == "string" then
    argv, masked = words.script(fname, first, ...)
  elseif type(first) == "table" and not getmetatable(first) and type(first[1]) == "string" then
    if select("#", ...) > 0 then misuse("%s: one table, or a script and its values", fname) end
    argv, masked = words.exact(fname, first)
    to = options.read(fname, first)
    local start = { "bash", "-euo", "pipefail", "-c", argv[1], "bash" }
    argv = table.move(argv, 2, #argv, 7, start)
    if masked then masked = table.move(masked, 2, #masked, 7, table.move(start, 1, 6, 1, {})) end
  else
    misuse("%s: the text of a bash script expected, got %s", fname,
      type(first) == "table" and "a table without it" or type(first))
  end
  local stage, whole = words.build(fname, with, argv, masked, to)
  return new { _stages = { stage }, _options = whole }
end

-- Joining -----------------------------------------------------------------------------------------

-- What stands on the right of |.
local function to_command(value)
  if is(value) then return value end
  if type(value) == "string" then
    local stage, whole = words.single("|", nil, value)
    return { _stages = { stage }, _options = whole }
  elseif type(value) == "function" then
    local info = debug.getinfo(value, "S")
    local where = info.what == "C" and "a C function"
      or ("%s:%d"):format(info.short_src, info.linedefined)
    return { _stages = { { filter = value, where = where, shown = "filter (" .. where .. ")" } },
      _options = {} }
  elseif type(value) == "table" and not getmetatable(value) then
    local stage, whole = words.single("|", nil, value)
    return { _stages = { stage }, _options = whole }
  end
  misuse("| needs a Command, a template, a table or a function on its right, got %s", type(value))
end

local function check_join(left, right)
  if right._stages[1].data then misuse("sh.data can only be the first stage of a pipeline") end
  local last, first = left._stages[#left._stages], right._stages[1]
  local to = left._to or last.options and last.options.stdout ~= nil and "the option stdout"
  if to then
    misuse("|: the output of the stage before goes to %s: nothing is left for the next one", to)
  end
  local o = first.options or {}
  local from = right._from or o.input and "the option input"
    or o.stdin ~= nil and "the option stdin"
  if from then misuse("|: the stage behind reads %s, not the stage before", from) end
end

function Command.__bor(left, right)
  if not is(left) then
    misuse("| needs a Command on its left, got %s: write sh.cmd %s, or sh.data(bytes)", type(left),
      type(left) == "string" and ("%q"):format(left) or "...")
  end
  local joined = to_command(right)
  check_join(left, joined)
  local stages = table.move(left._stages, 1, #left._stages, 1, {})
  table.move(joined._stages, 1, #joined._stages, #stages + 1, stages)
  unrun.used(left)
  if joined == right then unrun.used(right) end
  return new {
    _stages = stages, _options = options.copy(left._options, joined._options), _from = left._from,
    _to = joined._to, _append = joined._append, _where = left._where,
  }
end

-- What a shell's < > and >> would be. Lua makes a boolean of any comparison.
local function no_redirection()
  misuse("< and > compare in Lua: write command:from(path), :to(path) or :append(path)")
end

Command.__lt, Command.__le, Command.__shr, Command.__shl =
  no_redirection, no_redirection, no_redirection, no_redirection

-- Methods -----------------------------------------------------------------------------------------

-- A copy that may be changed; stages and their options are copied when they are.
local function derive(self, name)
  if not is(self) then misuse("call it with a colon: command:%s(...)", name) end
  unrun.used(self)
  return {
    _stages = self._stages, _options = self._options, _from = self._from, _to = self._to,
    _append = self._append, _where = self._where,
  }
end

local function check_path(name, path)
  if type(path) ~= "string" or path == "" or path:find("\0", 1, true) then
    misuse("command:%s: a path expected, got %s (an open file is the option %s)", name,
      type(path) == "string" and ("%q"):format(path) or type(path),
      name == "from" and "stdin" or "stdout")
  end
  return path
end

local function check_free(name, stage, option)
  if stage.options and stage.options[option] ~= nil then
    misuse("command:%s: the option %s is given, too", name, option)
  end
end

--- command:from(path) -> Command that reads the file
function methods:from(path)
  local copy = derive(self, "from")
  local first = self._stages[1]
  if first.data then misuse("command:from: it reads sh.data already") end
  check_free("from", first, "input")
  check_free("from", first, "stdin")
  copy._from = check_path("from", path)
  return new(copy)
end

--- command:to(path) -> Command that writes the file anew
function methods:to(path)
  local copy = derive(self, "to")
  check_free("to", self._stages[#self._stages], "stdout")
  copy._to, copy._append = check_path("to", path), nil
  return new(copy)
end

--- command:append(path) -> Command that writes at the end of the file
function methods:append(path)
  local copy = derive(self, "append")
  check_free("append", self._stages[#self._stages], "stdout")
  copy._to, copy._append = check_path("append", path), true
  return new(copy)
end

-- The options of a stage are for each program; stdin for the first, stdout for the last.
local function spread(stages, more, win)
  local copies = {}
  for i, stage in ipairs(stages) do
    copies[i] = stage
    if stage.argv then
      local fits = {}
      for name, value in pairs(more) do
        if not (options.FIRST[name] and i > 1 or options.LAST[name] and i < #stages) then
          fits[name] = value
        end
      end
      copies[i] = options.copy(stage)
      copies[i].options = win and options.copy(stage.options, fits)
        or options.copy(fits, stage.options)
    end
  end
  return copies
end

--- command:with(options) -> Command
function methods:with(more)
  local copy = derive(self, "with")
  if type(more) ~= "table" or #more > 0 then
    misuse("command:with: a table of options expected, got %s", type(more) == "table"
      and "one with words" or type(more))
  end
  local to = options.read("command:with", more)
  if to then
    copy._stages = spread(self._stages, to.stage, true)
    copy._options = options.copy(self._options, to.whole)
  end
  return new(copy)
end

function Command:__index(key)
  local method = methods[key]
  if method or type(key) ~= "string" or key:byte() == 95 then return method end
  if key == "text" or key == "run" or key == "lines" or key == "json" or key == "ok" then
    misuse("a Command has no '%s': results come from verbs, sh.%s(command)", key, key)
  end
  misuse("a Command has no '%s' (known: append, from, to, with)", key)
end

function Command:__newindex()
  misuse("a Command cannot be changed: its methods give a new one")
end

function Command.__call()
  misuse("a Command is run by a verb: sh.run(command)")
end

-- Running -----------------------------------------------------------------------------------------

local function plan_of(self, with)
  local list = {}
  for i, stage in ipairs(self._stages) do list[i] = stage.shown end
  if self._from then list[1] = list[1] .. " < " .. quote(self._from) end
  if self._to then
    list[#list] = list[#list] .. (self._append and " >> " or " > ") .. quote(self._to)
  end
  return {
    stages = spread(self._stages, with and with.stage or {}),
    options = with and options.copy(with.whole, self._options) or options.copy(self._options),
    from = self._from, to = self._to, append = self._append, shown = table.concat(list, " | "),
  }
end

--- tostring(command): in copy-and-paste form
function Command:__tostring()
  return require "procrun.sh.shown".line(plan_of(self))
end

--- plan(fname, with | nil, command, ...) -> plan without `where`
function M.plan(fname, with, self, ...)
  if select("#", ...) > 0 then misuse("%s: a Command takes no parameters", fname) end
  unrun.used(self)
  local first = self._stages[1]
  if first.data and #self._stages == 1 then
    misuse("%s: sh.data is only the first stage of a pipeline: sh.data(bytes) | \"...\"", fname)
  end
  if with and with.layers and first.layers ~= with.layers then
    misuse("%s: the Command was made without the words of this sh.with: make it by its own cmd",
      fname)
  end
  return plan_of(self, with)
end

return M
