-- What passes between two children never comes here: not in a pipeline, nor where a child is given
-- the stream of another one or the ends of a pipe.
local pipe = require "procrun.pipe"
local proc = require "procrun.proc"
local check = require "tests.lib.check"

local SIZE <const> = 16 * 1024 * 1024

-- Bytes that this process has read and written so far.
local function moved()
  local f <close> = io.open "/proc/thread-self/io" -- that of the process counts children, too
  if not f then os.exit(77) end
  local text = f:read "a"
  return tonumber(text:match "rchar: (%d+)") + tonumber(text:match "wchar: (%d+)")
end

local function little(f)
  local before = moved()
  check.eq(f():text(), tostring(SIZE))
  local more = moved() - before
  assert(more < 1024 * 1024, more)
end

local WRITER <const> = { "head", "-c", tostring(SIZE), "/dev/zero" }

little(function()
  return proc.pipeline(WRITER, { "cat" }, { "cat" }, { "wc", "-c" })
end)

little(function()
  local a = assert(proc.spawn(WRITER))
  local b = assert(proc.spawn { "wc", "-c", stdin = a.stdout })
  assert(a:wait().ok)
  return b:wait()
end)

little(function()
  local reader, writer = assert(pipe.new())
  local b = assert(proc.spawn { "wc", "-c", stdin = reader })
  local a = assert(proc.spawn("head", { "-c", tostring(SIZE), "/dev/zero" }, { stdout = writer }))
  assert(a:wait().ok)
  return b:wait()
end)
