-- Wrong arguments raise, name the function and the argument, and point to the caller's line.
local fs = require "procrun.fs"
local here = debug.getinfo(1, "S").short_src

local function raises(text, fn, ...)
  local args = table.pack(...)
  local ok, message = pcall(function()
    local result = fn(table.unpack(args, 1, args.n))
    return result
  end)
  assert(not ok and message:find(text, 1, true), message)
  assert(message:find(here .. ":", 1, true) == 1, message)
end

local one_path = {
  "read", "append", "write", "lines", "open", "stat", "lstat", "exists", "is_file", "is_dir",
  "access", "mkdir", "mkdir_p", "remove", "remove_tree", "readdir", "walk", "realpath", "readlink",
}
for _, name in ipairs(one_path) do
  for _, bad in ipairs { {}, true, print, "nil" } do
    if bad == "nil" then bad = nil end
    raises("(path expected, got " .. (bad and type(bad) or "n"), fs[name], bad)
  end
  raises("path contains a NUL byte", fs[name], "a\0b")
end
for _, name in ipairs { "rename", "copy", "symlink" } do
  raises("path contains a NUL byte", fs[name], "a\0b", "c")
  raises("path contains a NUL byte", fs[name], "c", "a\0b")
  raises("#2", fs[name], "c")
end
raises("bad argument #1 to 'read' (path expected, got table)", fs.read, {})
raises("bad argument #2 to 'write' (string, stream or function expected, got nil)", fs.write, "x")
raises("to 'append' (string, stream or function expected, got boolean)", fs.append, "x", true)
raises("to 'append' (string, stream or function expected, got table)", fs.append, "x", {})
raises("bad argument #3 to 'write' (unknown option 'at'; known: append, atomic, m", fs.write, "x",
  "", { at = true })
raises("bad argument #2 to 'lines' (invalid format)", fs.lines, "x", "a")
raises("option 'append': boolean expected, got number", fs.write, "x", "", { append = 1 })
raises("option 'mode': permission bits expected", fs.write, "x", "", { mode = "rw" })
raises("permission bits expected", fs.chmod, "x", "9")
raises("permission bits expected", fs.chmod, "x", 4096)
raises("permission bits expected", fs.mkdir, "x", -1)
raises("letters of \"rwx\" expected", fs.access, "x", "rwz")
assert(not fs.exists("x"))

local ok, message = pcall(function()
  fs.stat("a\0b")
end)
local want = "bad argument #1 to 'stat' (path contains a NUL byte)"
assert(not ok and message:find(want, 1, true), message)
