-- libm is loaded at the first call, also when no descriptor is left to open it with.
if arg[1] ~= "full" then
  local command = "ulimit -n 100 && exec '%s' '%s' full"
  assert(os.execute(command:format(process.exec_path, arg[0])))
  return
end

local files = {}
repeat
  local file, message, code = io.open("/dev/null")
  files[#files + 1] = file
until message and assert(code == 24, message) -- EMFILE
local power = #files / (2 * #files) -- not known to the compiler
assert(4.0 ^ power == 2 and 7.5 % 4 == 3.5)
assert(math.abs(math.sin(math.pi * power) - 1) < 1e-12)
