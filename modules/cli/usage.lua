-- usage.lua - a usage text as what cli.args goes by: local spec = require "procrun.cli.usage"(text)
--
-- spec: text, program, usage (its lines), version, main (a scope), commands (a list), by_command;
-- a command is a scope with its names, text and lines. What the text says wrongly raises at the
-- script's line, and tells that of the text.

local item = require "procrun.cli.usage_item"
local misuse = require "procrun.events.misuse"
local scopes = require "procrun.cli.usage_scope"

local function fail_at(number, line)
  return function(format, ...)
    local text = select("#", ...) > 0 and format:format(...) or format
    misuse("args: line %d of the usage text: %s, in '%s'", number, text, line:match "^%s*(.*)")
  end
end

local function indent_of(line) return #line:match "^ *" end
local function trimmed(line) return line:match "^%s*(.-)%s*$" end

-- The lines without the indentation that all have.
local function lines_of(text)
  local lines, least = {}, math.huge
  for line in (text:gsub("\r\n", "\n") .. "\n"):gmatch "(.-)\n" do
    line = line:gsub("\t", "        "):gsub("%s+$", "")
    lines[#lines + 1] = line
    if line ~= "" then least = math.min(least, indent_of(line)) end
  end
  while lines[#lines] == "" do lines[#lines] = nil end
  for i = 1, #lines do lines[i] = lines[i]:sub(least + 1) end
  return lines
end

-- Head and description of "-j, --jobs N   text": two blanks divide them.
local function divide(line)
  local head, description = trimmed(line):match "^(.-)%s%s+(.*)$"
  return head or trimmed(line), description or ""
end

-- Options and operands ---------------------------------------------------------------------------

local function option_line(scope, line, fail)
  local head, description = divide(line)
  local option, rest = item.option(head, fail)
  if rest:find "%S" then
    fail("'%s' is not understood; two blanks stand before the description", trimmed(rest))
  end
  option.text, option.fail = description, fail
  scopes.add_option(scope, option)
  return option
end

-- "<dir>...   text", or its name without <>; nil: the line is about no operand.
local function operand_line(scope, line, fail)
  local head, description = divide(line)
  local bracketed = head:match "^%[?<([^<>]+)>[%]. ]*$"
  local name = bracketed or head:match "^%[?(%u[%u%d_.-]-)[%]. ]*$"
  if not name and description ~= "" then name = head:match "^(%a[%w_-]*)%.*$" end
  if not name and head:find "^%[?<" then fail "two blanks stand before the description" end
  for _, operand in ipairs(name and scope.operands or {}) do
    if operand.name:lower() == "<" .. name:lower() .. ">" then
      if operand.text then fail("%s is there twice", operand.name) end
      operand.text, operand.fail = description, fail
      return operand
    end
  end
  if bracketed then fail("<%s> is not in the usage line", name) end
end

-- Whether the line goes on with the description before it: it is indented as far as that text, or
-- further than its item and about no other.
local function goes_on(reader, scope, line)
  local indent = indent_of(line)
  if not reader.item or indent <= reader.indent then return false end
  if indent >= reader.text_at then return true end
  if line:find "^%s*%-[^%s]" or line:find "^%s*%[?<" then return false end
  local name = line:match "^%s*%[?(%u[%u%d_.-]-)[%]. ]*%f[%s\0]"
  for _, operand in ipairs(scope.operands) do
    if name and operand.name == "<" .. name .. ">" then return false end
  end
  return true
end

local function item_line(reader, scope, line, fail)
  local entry = reader.item
  if goes_on(reader, scope, line) then
    entry.text = entry.text .. " " .. trimmed(line)
    return
  end
  if line:find "^%s*%-[^%s]" then
    entry = option_line(scope, line, fail)
  else
    entry = operand_line(scope, line, fail)
  end
  reader.item, reader.indent = entry, indent_of(line)
  if entry then
    entry.line = line
    reader.text_at = entry.text ~= "" and #line - #entry.text or math.huge
  end
end

-- The sections -----------------------------------------------------------------------------------

-- "  remove, rm <name>   text"
local function command_line(reader, line, fail)
  local spec, head, description = reader.spec, divide(line)
  local command = scopes.new(spec.main)
  command.text, command.lines, command.names = description, {}, {}
  repeat
    local name, comma, rest = head:match "^(%l[%w_-]*)(,?)%s*(.*)$"
    if not name then fail("the name of a command is expected, not '%s'", head) end
    if spec.by_command[name] then fail("command '%s' is there twice", name) end
    spec.by_command[name] = command
    command.names[#command.names + 1] = name
    head = rest
  until comma == ""
  command.name, command.head = command.names[1], head
  scopes.add_line(command, head, fail)
  spec.commands[#spec.commands + 1] = command
  reader.command, reader.command_indent, reader.item = command, indent_of(line), nil
end

local function commands_line(reader, line, fail)
  local command = reader.command
  if not command or indent_of(line) <= reader.command_indent then
    return command_line(reader, line, fail)
  end
  command.lines[#command.lines + 1] = line:sub(reader.command_indent + 1)
  item_line(reader, command, line, fail)
end

-- A line that begins at the left: a heading, the version, or prose.
local function heading(reader, line, fail)
  local name = line:lower():match "^(%a[%w -]*):$"
  local first = reader.spec.main.operands[1]
  if line:lower():find "^usage:" then
    fail "a second usage line: give one, and a section 'commands:'"
  elseif name and name:find "commands" and name ~= "commands" and first and first.key == "command"
  then
    fail "the section that says the commands is 'commands:'"
  end
  reader.spec.version = line:match "^[Vv]ersion:? +(%S*%d%S*)$" or reader.spec.version
  reader.section, reader.item, reader.command = name, nil, nil
  if name == "commands" and #reader.spec.commands > 0 then fail "a second section 'commands:'" end
end

local function body(reader, line, fail)
  if line == "" then
    reader.text_at = math.huge -- what is indented further still goes on, but an option is one
  elseif not line:find "^[%s<-]" then
    heading(reader, line, fail)
  elseif reader.section == "commands" then
    commands_line(reader, line, fail)
  elseif not (reader.section and reader.section:find "^examples?$") then
    item_line(reader, reader.spec.main, line, fail)
  end
end

-- The usage line ---------------------------------------------------------------------------------

-- The name of the program: "build.lua", "procrun build.lua".
local function begin_usage(reader, text, fail)
  local program, rest = text:match "^([^%s%[<-][^%s%[<]*)(.*)$"
  if not program then fail "behind 'usage:' stands the name of the program" end
  if program == "procrun" then
    local script, behind = rest:match "^%s+([^%s%[<-][^%s%[<]*)(.*)$"
    if script then program, rest = program .. " " .. script, behind end
  end
  reader.spec.program = program
  reader.rest, reader.usage_fail = rest, fail
end

local function end_usage(reader)
  scopes.add_line(reader.spec.main, reader.rest, reader.usage_fail)
  reader.step = body
end

local function is_open(text)
  return select(2, text:gsub("%[", "")) > select(2, text:gsub("%]", ""))
end

-- It goes on in lines that begin with a bracket or within one, and in operands below its own.
local function goes_on_usage(reader, line)
  if line == "" then return false end
  return line:find "^%s+%[" or is_open(reader.rest)
    or line:find "^       +[%u<]" and not line:find "%S%s%s+%S" and not line:find "%l%f[%s]"
end

-- The usage line, then those it goes on in.
local function usage(reader, line, fail)
  if not reader.rest then
    if line == "" then return end
    begin_usage(reader, trimmed(line), fail)
  elseif goes_on_usage(reader, line) then
    reader.rest = reader.rest .. " " .. trimmed(line)
  else
    local again = line:match "^%s+(.*)$"
    if again and (again .. " "):sub(1, #reader.spec.program + 1) == reader.spec.program .. " " then
      fail "a second usage line: give one, and a section 'commands:'"
    end
    end_usage(reader)
    return body(reader, line, fail)
  end
  reader.spec.usage[#reader.spec.usage + 1] = trimmed(line)
end

local function before(reader, line, fail)
  local text = line:match "^[Uu][Ss][Aa][Gg][Ee]:%s*(.*)$"
  if text then
    reader.step = usage
    usage(reader, text, fail)
  elseif line ~= "" then
    heading(reader, line, fail)
  end
end

-- Where there are commands, the usage line says so; what stands behind is theirs.
local function check_commands(reader)
  local spec = reader.spec
  local main = spec.main
  if #spec.commands == 0 then return end
  local first = main.operands[1]
  if not first or first.key ~= "command" then
    reader.usage_fail "there are commands: <command> is to be the first operand"
  end
  for i = #main.operands, 2, -1 do
    main.keys[main.operands[i].key] = nil
    main.operands[i] = nil
  end
  first.repeated = nil
end

--- (text) -> spec
return function(text)
  local spec = { usage = {}, main = scopes.new(), commands = {}, by_command = {} }
  local reader = { spec = spec, step = before }
  local lines = lines_of(text)
  for number, line in ipairs(lines) do reader.step(reader, line, fail_at(number, line)) end
  if reader.step == usage and reader.rest then end_usage(reader) end
  if reader.step ~= body then misuse "args: the usage text has no line 'usage: NAME ...'" end
  spec.text = table.concat(lines, "\n"):gsub("^\n+", "") .. "\n"
  check_commands(reader)
  scopes.finish(spec.main)
  for _, command in ipairs(spec.commands) do scopes.finish(command) end
  local version = spec.main.by_name["--version"]
  if version and not version.value and not spec.version then
    version.fail "a line 'version 1.2' has to say which"
  end
  return spec
end
