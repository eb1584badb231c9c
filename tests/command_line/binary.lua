-- Binary chunks, which can crash the interpreter, are loaded only where the script says so.
local procrun, tmp = os.getenv("PROCRUN"), os.getenv("TMPDIR")
local chunk = string.dump(function() return 7 end)
local file = tmp .. "/chunk.luac"
do
  local f <close> = assert(io.open(file, "w"))
  f:write(chunk)
end

for what, value in pairs {load = load(chunk), loadfile = (loadfile(file)), reader = load(function()
    local c = chunk
    chunk = nil
    return c
  end)} do
  error(what .. " took a binary chunk: " .. tostring(value))
end
chunk = string.dump(function() return 7 end)
assert(select(2, load(chunk)):find("attempt to load a binary chunk %(mode is 't'%)"))
assert(load(chunk, "c", "b")() == 7 and loadfile(file, "bt")() == 7)
assert(not pcall(dofile, file))
assert(not os.execute(("'%s' '%s' 2>/dev/null"):format(procrun, file)))
package.path = tmp .. "/?.luac"
assert(not pcall(require, "chunk"))

-- All else as Lua's own.
assert(load("return ...", "name", "t", {})(3) == 3 and load("return x", "n", nil, {x = 4})() == 4)
assert(load("return x", "n", "t", nil) and not pcall(load("return x.y", "n", "t", nil)))
local ok, message = pcall(load)
assert(not ok and message:find("bad argument #1 to 'load'"), message)
assert(select("#", load("=")) == 2 and not loadfile(tmp .. "/nonsuch"))
