-- An armed timer keeps the program running, an unref'd one does not, and ref() undoes that.
local timer = require "procrun.timer"

local function output(code)
  local pipe = assert(io.popen(("'%s' -e '%s' 2>&1"):format(arg[-1], code)))
  local text = pipe:read("a")
  local ok, _, status = pipe:close()
  return text, ok and 0 or status
end

local load = 'local timer = require "procrun.timer"; '
local text, status = output(load .. 'timer.after("10ms", print, "late")')
assert(text == "late\n" and status == 0, text)
text, status = output(load .. 'timer.after("60s", print, "late"):unref()')
assert(text == "" and status == 0, text)
text, status = output(load .. 'timer.every("60s", print, "late"):unref():ref():unref()')
assert(text == "" and status == 0, text)
text, status = output(load .. 'timer.after("10ms", print, "late"):unref():ref()')
assert(text == "late\n" and status == 0, text)
text, status = output(load .. 'timer.after("60s", print, "late"); os.exit(3)')
assert(text == "" and status == 3, text)

-- In a repeating timer the setting stays from period to period.
text, status = output(load .. [[
  local n = 0
  timer.every("2ms", function() n = n + 1; io.write(n) end):unref()
  timer.after("50ms", function() end)]])
assert(text:find("^12") and status == 0, text)
assert(timer.after(60, print):unref():active())
