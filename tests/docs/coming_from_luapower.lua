-- The table of those who come from luapower: every name it leads to is there, and every name of
-- luapower's manuals has a row.
local manual = require "tests.lib.manual"
local proc = require "procrun.proc"

local p = assert(proc.popen_async("true", {}, nil, nil, true, true, true))
local roots = { proc = proc, p = p, process = process, sync = require "procrun.sync" }
local rows = manual.rows("modules/proc/proc.md", "Coming from luapower")
local named = {}
for _, row in ipairs(rows) do
  assert(#row == 3, ("line %d: %d cells"):format(row.line, #row))
  local codes = manual.codes(row[2])
  assert(#codes > 0, ("line %d: nothing in the second column"):format(row.line))
  for _, code in ipairs(codes) do
    assert(manual.value(code, roots) ~= nil, ("line %d: %s"):format(row.line, code))
  end
  for _, code in ipairs(manual.codes(row[1])) do
    for name in code:gmatch("[%a_][%w_]*") do named[name] = true end
  end
end
local names = [[exec exec_luafile exec_lua popen_async cmd command args env cur_dir dir
  stdin stdout stderr autokill inherit_all_handles inherit_handles async script open_stdin
  open_stdout open_stderr kill exit_code forget wait wait_until status id setenv read_stdout
  read_stderr write_stdin esc quote_arg cmdline_quote_arg proc_info info os_info
  try_close daemonize getpid
  clock expires]]
for name in names:gmatch("%S+") do assert(named[name], "no row names " .. name) end
p:wait()
