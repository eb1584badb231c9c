-- write: an existing file keeps its mode, a new one gets the umask's or the one asked for.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function mode(path) return ("%o"):format(fs.stat(path).mode) end

local file = dir.path .. "/file"
assert(fs.write(file, "x"))
local by_io = dir.path .. "/by_io"
assert(io.open(by_io, "w")):close()
assert(mode(file) == mode(by_io), "the umask counts")
assert(fs.chmod(file, "751"))
assert(fs.write(file, "y") and mode(file) == "751")
assert(fs.write(file, "y", { atomic = false }) and mode(file) == "751")
assert(fs.write(file, "y", { mode = "600" }) and mode(file) == "600")
assert(fs.write(file, "y", { mode = 420, atomic = false }) and mode(file) == "644")
assert(fs.write(dir.path .. "/secret", "y", { mode = "0600" }))
assert(mode(dir.path .. "/secret") == "600")
assert(fs.write(dir.path .. "/secret2", "y", { mode = "600", atomic = false }))
assert(mode(dir.path .. "/secret2") == "600")
