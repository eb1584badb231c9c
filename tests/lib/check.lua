-- check.lua - small helpers for tests: local check = require "tests.lib.check"

local M = {}

--- tmp(name) -> path of a file in the directory of the test, which is removed after it
function M.tmp(name)
  return (os.getenv("TMPDIR") or "/tmp") .. "/" .. name
end

function M.write(path, text)
  local file <close> = assert(io.open(path, "w"))
  assert(file:write(text))
  return path
end

function M.read(path)
  local file <close> = assert(io.open(path))
  return file:read("a")
end

--- eq(got, wanted, [what]): the same value, of the same type of number
function M.eq(got, wanted, what)
  if rawequal(got, wanted) and math.type(got) == math.type(wanted) then return end
  error(("%sexpected %s, got %s"):format(what and what .. ": " or "", tostring(wanted),
    tostring(got)), 2)
end

--- values({...}, …): packed values against a list, holes included
function M.values(got, ...)
  local wanted = table.pack(...)
  got.n = got.n or #got
  if got.n ~= wanted.n then error(("expected %d values, got %d"):format(wanted.n, got.n), 2) end
  for i = 1, got.n do
    if not rawequal(got[i], wanted[i]) then
      error(("value %d: expected %s, got %s"):format(i, tostring(wanted[i]), tostring(got[i])), 2)
    end
  end
end

--- has(text, plain): text contains it
function M.has(text, plain)
  if tostring(text):find(plain, 1, true) then return end
  error(("%q is not in:\n%s"):format(plain, tostring(text)), 2)
end

--- matches(text, pattern, …): each pattern is found in text
function M.matches(text, ...)
  for _, pattern in ipairs {...} do
    if not text:find(pattern) then error(pattern .. " is not in\n" .. text, 2) end
  end
end

--- lacks(text, plain): text does not contain it
function M.lacks(text, plain)
  if not tostring(text):find(plain, 1, true) then return end
  error(("%q is in:\n%s"):format(plain, tostring(text)), 2)
end

--- raises(plain, fn, ...) -> error: fn raises an error whose text contains `plain`
function M.raises(plain, fn, ...)
  local ok, err = pcall(fn, ...)
  if ok then error(("no error; expected one with %q"):format(plain), 2) end
  if not tostring(err):find(plain, 1, true) then
    error(("expected an error with %q, got: %s"):format(plain, tostring(err)), 2)
  end
  return err
end

local runs = 0

--- run(script, [options], [arguments]) -> {code =, out =, err =, file =}: a procrun of its own
--- runs the text; options and arguments are put on the command line as they are
function M.run(script, options, arguments)
  runs = runs + 1
  local base = M.tmp("run" .. runs)
  local file = M.write(base .. ".lua", script)
  local command = ("'%s' %s '%s' %s >'%s.out' 2>'%s.err' </dev/null"):format(
    assert(os.getenv("PROCRUN"), "PROCRUN is not set"), options or "", file, arguments or "",
      base, base)
  local _, what, code = os.execute(command)
  if what == "signal" then code = 128 + code end
  return {code = code, out = M.read(base .. ".out"), err = M.read(base .. ".err"), file = file}
end

--- now() -> seconds that only go forward
function M.now()
  return require("procrun.timer").now()
end

return M
