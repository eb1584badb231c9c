-- words.lua - what a script hands to a verb, as a plan: programs, their arguments, options.
-- words.plan("sh.run", 2, nil, "tar -czf $1 -C $2 .", out, dir).stages[1].argv

local command = require "procrun.proc.command"
local misuse = require "procrun.events.misuse"
local vm = require "procrun.core.vm"
local options = require "procrun.sh.options"
local template = require "procrun.sh.template"

local M = {}

local loaded = package.loaded -- what a script has not used is not there, and is not asked
local getmetatable, type = getmetatable, type
local math_type, find = math.type, string.find

local function in_text(text) return require "procrun.sh.refuse".in_text(text) end

--- where() -> "script.lua:12": the line of the script that is being run | nil
M.where = require "procrun.core.self".where

-- Words -------------------------------------------------------------------------------------------

local function secret_of(value)
  local module = loaded["procrun.sh.secret"]
  if module and module.is(value) then return module.reveal(value) end
end

local HINTS <const> = {
  ["nil"] = "", ["function"] = "",
  boolean = "; to leave a word out use the table form: run{\"make\", verbose and \"V=1\"}",
  ["procrun.result"] = "; its output is result:text()",
}

-- What may be no word, named: "a boolean (true)"
local function describe(value)
  local meta = type(value) == "table" and getmetatable(value)
  local name = type(meta) == "table" and rawget(meta, "__name") or type(value)
  local text = type(value) == "boolean" and ("%s (%s)"):format(name, value) or tostring(name)
  if meta and type(rawget(value, "path")) == "string" then
    return text .. "; its name is the field path"
  end
  return text .. (HINTS[name] or "")
end

-- One value as a word: text, and how it is shown where that is something else.
local function to_word(fname, what, value, index, suffix)
  if type(value) == "string" then
    if not find(value, "\0", 1, true) then return value end
  elseif math_type(value) then
    return tostring(value)
  else
    local text, shown = secret_of(value)
    if not text then
      misuse("%s: %s: string or number expected, got %s%s", fname, what:format(index),
        describe(value), suffix or "")
    end
    if not find(text, "\0", 1, true) then return text, shown end
  end
  misuse("%s: %s holds a NUL byte: no argument can%s", fname, what:format(index), suffix or "")
end

-- Puts a word at the end of argv. masked: the words as they are shown, or nil so far.
local function put(argv, masked, text, shown)
  local n = #argv + 1
  if shown and not masked then masked = table.move(argv, 1, n - 1, 1, {}) end
  argv[n] = text
  if masked then masked[n] = shown or text end
  return masked
end

local function last_index(fname, what, list, names_too, suffix)
  local last = 0
  for key in next, list do
    if math_type(key) == "integer" and key > 0 then
      if key > last then last = key end
    elseif not (names_too and type(key) == "string") then
      misuse("%s: %s: the key '%s' is no index of a list%s", fname, what, tostring(key),
        suffix or "")
    end
  end
  return last
end

local function is_list(value)
  if type(value) ~= "table" then return false end
  local meta = getmetatable(value)
  return type(meta) ~= "table" or not rawget(meta, "__tostring")
end

local function put_list(fname, argv, masked, list, what, suffix)
  for i = 1, last_index(fname, what, list, false, suffix) do
    masked = put(argv, masked, to_word(fname, what .. ", element %d", list[i], i, suffix))
  end
  return masked
end

-- Templates ---------------------------------------------------------------------------------------

-- The parameters of one call: by place, by name, and which of them were used.
local function read_parameters(fname, text, ...)
  local p = { n = select("#", ...), used = {}, fname = fname, text = text, ... }
  for i = 1, p.n do
    if p[i] == nil then
      misuse("%s: parameter %d is nil%s", fname, i, in_text(text))
    end
  end
  local last = p[p.n]
  if p.n > 0 and is_list(last) and command.has_only_names(last) then
    p.names, p.n = last, p.n - 1
  end
  return p
end

local function no_parameter(p, reference)
  local index = reference[2]
  misuse("%s: %s has no parameter (%s given; '%s' in single quotes is left to the program)%s",
    p.fname, reference[1], p.n == 0 and "none was" or p.n == 1 and "one was" or p.n .. " were",
    "$" .. index, in_text(p.text))
end

-- The value a reference stands for, and how to call it in a message.
local function look_up(p, reference)
  local key = reference[2]
  if type(key) == "number" then
    if key > p.n then no_parameter(p, reference) end
    p.used[key] = true
    return p[key], "parameter " .. key
  end
  local value = p.names and p.names[key]
  if value ~= nil then
    p.used[key] = true
    return value, ("parameter '%s'"):format(key)
  end
  value = os.getenv(key)
  if value then return value, "$" .. key end
  misuse("%s: $%s is not set%s", p.fname, key, in_text(p.text))
end

local function fill_word(p, argv, masked, word)
  if type(word) == "string" then return put(argv, masked, word) end
  if word.whole then
    local value, what = look_up(p, word[1])
    if is_list(value) then return put_list(p.fname, argv, masked, value, what, in_text(p.text)) end
    return put(argv, masked, to_word(p.fname, what, value, nil, in_text(p.text)))
  end
  local parts, shown_parts, has_secret = {}, {}, false
  for i, part in ipairs(word) do
    local text, shown = part, nil
    if type(part) == "table" then
      local value, what = look_up(p, part)
      if is_list(value) then
        misuse("%s: %s is a list: it can be a whole word, but not a part of one%s", p.fname, what,
          in_text(p.text))
      end
      text, shown = to_word(p.fname, what, value, nil, in_text(p.text))
    end
    parts[i], shown_parts[i], has_secret = text, shown or text, has_secret or shown ~= nil
  end
  return put(argv, masked, table.concat(parts), has_secret and table.concat(shown_parts) or nil)
end

local function check_used(p)
  for i = 1, p.n do
    if not p.used[i] then
      local hint = i > 1 and i == p.n and type(p[i]) == "number"
        and "; gsub gives two values: (text:gsub(a, b)) is only the first" or ""
      misuse("%s: parameter %d is not used: the template has $ but not $%d%s%s", p.fname, i, i,
        hint, in_text(p.text))
    end
  end
  for name in next, p.names or {} do
    if not p.used[name] then
      misuse("%s: parameter '%s' is not used%s%s", p.fname, name, options.is_option(name)
        and (": options belong to the table form, run{\"make\", %s = ...}, or to sh.with{%s = ...}")
          :format(name, name) or "", in_text(p.text))
    end
  end
end

-- Without a reference the parameters are appended.
local function append(p, argv, masked)
  for i = 1, p.n do
    local value, what = p[i], "parameter " .. i
    if is_list(value) then
      masked = put_list(p.fname, argv, masked, value, what, in_text(p.text))
    else
      masked = put(argv, masked, to_word(p.fname, what, value, nil, in_text(p.text)))
    end
    p.used[i] = true
  end
  return masked
end

--- fill(fname, text, ...) -> argv, masked argv | nil: a template with its parameters
function M.fill(fname, text, ...)
  local parsed, why = template.parse(text)
  if not parsed then misuse("%s: %s%s", fname, why, in_text(text)) end
  local words = parsed.words
  if parsed.is_constant and select("#", ...) == 0 then
    return table.move(words, 1, #words, 1, {})
  end
  local p, argv, masked = read_parameters(fname, text, ...), {}, nil
  for i = 1, #words do masked = fill_word(p, argv, masked, words[i]) end
  if not parsed.has_references then masked = append(p, argv, masked) end
  check_used(p)
  return argv, masked
end

--- script(fname, text, ...) -> argv, masked argv | nil: a bash that runs it, with values as "$1"...
function M.script(fname, text, ...)
  local p = read_parameters(fname, text, ...)
  local argv = { "bash", "-euo", "pipefail", "-c", (to_word(fname, "the script", text)), "bash" }
  local masked = append(p, argv)
  check_used(p)
  return argv, masked
end

-- The table form ----------------------------------------------------------------------------------

--- exact(fname, list) -> argv, masked argv | nil: the words of {"make", "-j", 4, cwd = "build"};
--- false is left out
function M.exact(fname, list)
  local argv, masked = {}, nil
  for i = 1, last_index(fname, "command", list, true) do
    local value = list[i]
    if value == nil then
      misuse("%s: argument %d is nil, and others follow (false leaves a word out)", fname, i)
    elseif value == true then
      misuse("%s: argument %d is true (write: condition and \"word\")", fname, i)
    elseif is_list(value) then
      misuse("%s: argument %d is a table (spread it by table.unpack, or by a template: "
        .. "run(\"rm -f\", files))", fname, i)
    elseif value ~= false then
      masked = put(argv, masked, to_word(fname, "argument %d", value, i))
    end
  end
  return argv, masked
end

-- Plans -------------------------------------------------------------------------------------------

local function check_program(fname, argv, text)
  if argv[1] == nil then
    misuse("%s: there is no command in the %s", fname, text and "template" or "table")
  elseif argv[1] == "" then
    misuse("%s: the name of the program is empty%s", fname, text and in_text(text) or "")
  end
end

--- stage(argv, masked, options) -> stage
function M.stage(argv, masked, stage_options)
  local words = masked or argv
  local stage = { argv = argv, options = stage_options, shown = command.show(words[1], words, 2) }
  if masked then stage.visible, stage_options.visible = masked, masked end
  return stage
end

--- build(fname, with | nil, argv, masked, {stage =, whole =} | nil) -> stage, options of the whole
function M.build(fname, with, argv, masked, to)
  if with then return require "procrun.sh.with".apply(fname, with, argv, masked, to) end
  return M.stage(argv, masked, to and to.stage or {}), to and to.whole or {}
end

--- single(fname, with | nil, first, ...) -> stage, options of the whole: one program, as a template
--- or in the table form
function M.single(fname, with, first, ...)
  local argv, masked, to
  if type(first) == "string" then
    argv, masked = M.fill(fname, first, ...)
    check_program(fname, argv, first)
  elseif not is_list(first) then
    misuse("%s: a command expected (a template, a table or a Command), got %s", fname,
      describe(first))
  else
    if select("#", ...) > 0 then
      misuse("%s: parameters belong to a template: a table has all its words and options in it",
        fname)
    end
    argv, masked = M.exact(fname, first)
    check_program(fname, argv)
    to = options.read(fname, first)
  end
  return M.build(fname, with, argv, masked, to)
end

--- plan(fname, level, with, ...) -> {stages =, options =, where =, ...}; see sh.md
function M.plan(fname, _, with, first, ...)
  local plan
  local commands = loaded["procrun.sh.command"]
  if commands and commands.is(first) then
    plan = commands.plan(fname, with, first, ...)
  else
    local stage, whole = M.single(fname, with, first, ...)
    plan = { stages = { stage }, options = whole, shown = stage.shown }
  end
  plan.where = M.where()
  if vm.sh_watch or plan.options.trace ~= nil then
    plan.before = require "procrun.sh.switches".before
  end
  return plan
end

return M
