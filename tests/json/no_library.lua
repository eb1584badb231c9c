-- Where cJSON cannot be loaded, decode says so, and all that needs none of it works.
local fs = require "procrun.fs"
local proc = require "procrun.proc"

local dir <close> = assert(fs.temp_dir())
assert(fs.write(dir.path .. "/libcjson.so.1", "this is no library"))
local script = [[
  local json = require "procrun.json"
  print(json.encode {1}, json.decode "12")
  print(json.decode "[1]")
]]
local out = proc.run(process.exec_path, {"-e", script},
  {extend_env = {LD_LIBRARY_PATH = dir.path}})
if out.code == 127 then
  print("skip: this build is linked to cJSON")
  os.exit(77)
end
local first, second = out:check().stdout:match "^([^\n]*)\n([^\n]*)\n$"
if second == "table" then return end -- cJSON is part of the executable
assert(first == "[1]\t12", first)
assert(second:find("^nil\t.*libcjson%.so%.1"), second)
