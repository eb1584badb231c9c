-- completion.lua - a usage text as completion for bash: `eval "$(script.lua --completion bash)"`.
-- local script = require "procrun.cli.completion"(spec)

local function quoted(words)
  return "'" .. table.concat(words, " "):gsub("'", "'\\''") .. "'"
end

local function options_of(scope)
  local names = {}
  for name, option in pairs(scope.by_name) do
    names[#names + 1] = name
    if option.negatable then names[#names + 1] = "--no-" .. name:sub(3) end
  end
  table.sort(names)
  return names
end

-- "-o|--out) ... ;;": what follows an option that takes a value.
local function value_cases(scope, lines)
  for _, option in ipairs(scope.options) do
    if option.value and not option.optional then
      local names = {}
      for _, name in ipairs(option.short) do names[#names + 1] = "-" .. name end
      for _, name in ipairs(option.long) do names[#names + 1] = "--" .. name end
      local reply = option.choices
        and ('COMPREPLY=($(compgen -W %s -- "$word"))'):format(quoted(option.choices))
        or "compopt -o default"
      lines[#lines + 1] = ("    %s) %s; return ;;"):format(table.concat(names, "|"), reply)
    end
  end
end

local function operand_words(scope)
  local words = {}
  for _, operand in ipairs(scope.operands) do
    for _, word in ipairs(operand.choices or {}) do words[#words + 1] = word end
  end
  return words
end

local function scope_case(pattern, scope, main, extra)
  local options = options_of(scope)
  if main then table.move(options_of(main), 1, #options_of(main), #options + 1, options) end
  options[#options + 1] = "--help"
  local words = extra or operand_words(scope)
  return ("    %s) options=%s words=%s ;;"):format(pattern, quoted(options), quoted(words))
end

local TEMPLATE <const> = [==[
# completion for %s: eval "$(%s --completion bash)"
%s() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local command="" options words i
  COMPREPLY=()
  if [[ $word == = ]]; then
    word=""
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
    %s) command=${COMP_WORDS[i]}; break ;;
    esac
  done
  case $before in
%s
  esac
  case $command in
%s
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  else
    compopt -o default
  fi
}
complete -F %s %s
]==]

return function(spec)
  local program = spec.program:match "%S+$":match "[^/]+$"
  local name = "_" .. program:gsub("[^%w]", "_") .. "_completion"
  local values, cases, commands = {}, {}, {}
  value_cases(spec.main, values)
  for _, command in ipairs(spec.commands) do
    value_cases(command, values)
    local pattern = table.concat(command.names, "|")
    commands[#commands + 1] = pattern
    cases[#cases + 1] = scope_case(pattern, command, spec.main)
  end
  local words = #commands > 0 and { (table.concat(commands, "|"):gsub("|", " ")) } or nil
  cases[#cases + 1] = scope_case("*", spec.main, nil, words)
  if #values == 0 then values[1] = "    *) ;;" end
  return TEMPLATE:format(program, program, name, #commands > 0 and table.concat(commands, "|")
    or "''", table.concat(values, "\n"), table.concat(cases, "\n"), name, program)
end
