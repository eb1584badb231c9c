-- refuse.lua - why a template is refused, and what to write instead; loaded when one is.

local M = {}

local MEANS_NOTHING <const> = "unquoted '%s' means nothing here (%s, or quote it; a real shell is "
  .. "sh.bash[[...]])"

local INSTEAD <const> = {
  ["|"] = 'a pipeline is run(sh.cmd "..." | "...")',
  ["||"] = 'if not sh.ok "..." then ... end',
  ["&&"] = "one call after the other: a failure raises",
  ["&"] = "sh.start goes on beside the script",
  [";"] = "one call after the other",
  ["<"] = 'sh.cmd "...":from(path), or the option input = "bytes"',
  [">"] = 'sh.cmd "...":to(path)',
  [">>"] = 'sh.cmd "...":append(path)',
  ["("] = "sh.text gives what a command prints",
  [")"] = "sh.text gives what a command prints",
  ["*"] = "use fs.glob",
  ["?"] = "use fs.glob",
  ["["] = "use fs.glob, or Lua's own tests",
  ["`"] = "sh.text gives what a command prints",
}

local DOLLAR <const> = {
  ["("] = "sh.text gives what a command prints",
  ["@"] = 'a list is spread: run("rm", files)',
  ["*"] = 'a list is spread: run("rm", files)',
  ["$"] = "process.pid is the number of this process",
  ["?"] = "sh.try gives a result with the code",
  ["!"] = "sh.start gives a job with the pid",
  ["#"] = "#list in Lua",
  ["0"] = "arg[0] is the script",
  ["'"] = "Lua's strings know \\n and the like",
}

local DOLLAR_MEANS_NOTHING <const> = "'%s' means nothing here (%s; quote it with '..' if the "
  .. "program wants it; a real shell is sh.bash[[...]])"

local function dollar(text, pos)
  local two = text:sub(pos, pos + 1)
  local digits = text:match("^%$(%d%d+)", pos)
  if digits and two ~= "$0" then
    return ("'$%s' is $%s and then '%s' in a shell: write ${%s}, or ${%s}%s"):format(digits,
      digits:sub(1, 1), digits:sub(2), digits, digits:sub(1, 1), digits:sub(2))
  end
  if two == "${" then
    local whole = text:match("^%${[^}]*}?", pos)
    return DOLLAR_MEANS_NOTHING:format(whole, "only $1, $name, ${1} and ${name} do")
  end
  return DOLLAR_MEANS_NOTHING:format(two, DOLLAR[two:sub(2)] or "only $1 and $name do")
end

local function redirection(text, pos)
  local number, rest = text:sub(1, pos):match("(%d*)[<>]$"), text:sub(pos)
  if rest:find("^>&1") or rest:find("^&>") then return 'the option stderr = "stdout"' end
  if rest:find("^>>?%s*/dev/null") then
    return ('the option %s = "ignore"'):format(number == "2" and "stderr" or "stdout")
  end
  if rest:find("^<<") then return 'the option input = "bytes", or sh.data(bytes) | "..."' end
  if number == "2" then return "the option stderr = io.open(path, \"w\")" end
end

local OTHERS <const> = {
  ["\0"] = function() return "a command cannot hold a NUL byte" end,
  ["\n"] = function()
    return "a new line begins another command in a shell: one call after the other, or \\ at the "
      .. "end of the line to go on (a real shell is sh.bash[[...]])"
  end,
  ["\\"] = function() return "the \\ at the end stands before nothing" end,
  ["{"] = function(text, pos)
    local braces = text:match("^%b{}", pos) or "{"
    return ("unquoted '%s' is several words in bash: write them out, or quote it"):format(braces)
  end,
  ["="] = function(text, pos)
    local name, value = text:match("^([%w_]*)%+?=(%S*)", pos)
    return ("'%s=%s' before a command sets a variable in a shell: use the option extend_env = "
      .. "{%s = ...}, or begin with env"):format(name, value, name)
  end,
  ["!"] = function()
    return "'!' before a command turns its status round in a shell: "
      .. 'if not sh.ok "..." then ... end'
  end,
  ["#"] = function()
    return "unquoted '#' begins a comment in a shell: quote it, or leave it out"
  end,
  ["~"] = function()
    return "unquoted '~' is a home directory in a shell: write $HOME, or quote it"
  end,
  open = function(text, pos) return ("the quote %s is not closed"):format(text:sub(pos, pos)) end,
  ["$"] = dollar,
}

--- reason(text, pos, what) -> what is wrong at that place, and what to do
function M.reason(text, pos, what)
  local other = OTHERS[what]
  if other then return other(text, pos) end
  local two = text:sub(pos, pos + 1)
  local instead = what:find("[<>&]") and redirection(text, pos)
  what = INSTEAD[two] and two or what
  return MEANS_NOTHING:format(what, instead or INSTEAD[what])
end

--- in_text(text) -> " in: text", for the end of a message: one line that is not too long
function M.in_text(text)
  text = text:gsub("%c", function(c) return c == "\n" and "\\n" or c == "\t" and "\\t" or "?" end)
  if #text > 200 then text = text:sub(1, utf8.offset(text, 0, 200) - 1) .. "..." end
  return " in: " .. text
end

return M
