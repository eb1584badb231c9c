-- stdio.lua - the stdio options of spawn as a plan: what each descriptor of the child becomes.

local core_stream = require "procrun.core.stream"
local misuse = require "procrun.events.misuse"
local stream = require "procrun.stream"

local M = {}

local NAMES = {[0] = "stdin", "stdout", "stderr"}
local WORDS = {pipe = true, ignore = true, inherit = true, ipc = true, overlapped = true}
local MAX_FD = 1000

local function fail(fname, format, ...)
  misuse("%s: %s", fname, format:format(...))
end

local function name_of(fd)
  return NAMES[fd] or ("stdio[%d]"):format(fd)
end

local function check_word(fname, fd, value)
  if WORDS[value] then return value == "overlapped" and "pipe" or value end
  if fd == 2 and value == "stdout" then return "stdout" end
  fail(fname, "%s: '%s' is none of 'pipe', 'ignore', 'inherit', 'ipc'; "
    .. "for a file pass assert(io.open(%q, %q))%s", name_of(fd), value, value,
    fd == 0 and "r" or "w", fd == 0 and ", for bytes use the option input" or "")
end

-- false and JSON's null stand for the default, as nil does.
local function is_nothing(value)
  return not value or type(value) == "userdata" and value == require "procrun.json".null
end

-- Node's list (first element fd 0), or a table with a key 0, as fd -> value.
local function from_table(fname, list)
  local base, by_fd, last = list[0] ~= nil and 0 or 1, {}, 2
  for key, value in pairs(list) do
    if math.type(key) ~= "integer" or key < base or key > MAX_FD then
      fail(fname, "stdio: %s is no descriptor", tostring(key))
    end
    by_fd[key - base] = not is_nothing(value) and value or nil
    if key - base > last then last = key - base end
  end
  return by_fd, last
end

-- fd -> what the script said, and the last fd.
local function gather(fname, options)
  local said, last = {}, 2
  if type(options.stdio) == "string" then
    for fd = 0, 2 do said[fd] = options.stdio end
  elseif type(options.stdio) == "table" and not stream.is_stream(options.stdio) then
    said, last = from_table(fname, options.stdio)
  elseif not is_nothing(options.stdio) then
    fail(fname, "stdio: string or table expected, got %s", type(options.stdio))
  end
  for fd = 0, 2 do
    local value = options[NAMES[fd]]
    if not is_nothing(value) then said[fd] = value end
  end
  return said, last
end

-- The slot of the channel: one that was named, else the first free one from 3 on.
local function place_channel(fname, options, said, last, wanted)
  local slot
  for fd = 0, last do
    if said[fd] == "ipc" then
      if slot then
        fail(fname, "stdio: a child has one channel, 'ipc' stands at %d and %d", slot, fd)
      end
      slot = fd
    end
  end
  if slot or not (wanted or options.channel == "fd") then return slot, last end
  if type(options.stdio) == "table" and not options.channel then
    fail(fname, "stdio: one element of the list has to be 'ipc' (or let channel = 'fd' place it)")
  end
  slot = 3
  while said[slot] do slot = slot + 1 end
  said[slot] = "ipc"
  return slot, math.max(last, slot)
end

local function to_entry(fname, fd, value, given)
  if type(value) == "string" then
    local word = check_word(fname, fd, value)
    if word == "pipe" then return "pipe" end
    if word == "ignore" then return fd <= 2 and "null" or "x" end
    if word == "ipc" then return "channel" end
    if word == "stdout" then return "same" end
    return fd
  end
  return require "procrun.proc.descriptor".of(fname, name_of(fd), value, given)
end

-- A child that writes where we write comes after what we have written so far.
local function flush_ours(entries, last)
  for fd = 0, last do
    local entry = entries[fd]
    if entry == 1 or entry == 2 then return core_stream.flush_standard() end
  end
end

-- channel = 'stdio': messages instead of bytes on 0 and 1.
local function take_stdio(fname, said, capture)
  if said[0] or said[1] then fail(fname, "channel='stdio' takes stdin and stdout for itself") end
  local is_captured = capture == true or capture and capture[2]
  said[0], said[1], said[2] = "pipe", "pipe", said[2] or is_captured and "pipe" or "inherit"
end

-- What 0 to 2 are where a call does not say: entries of a plan, never written to.
M.PIPES = {[0] = "pipe", "pipe", "pipe"}
M.INHERIT = {[0] = 0, 1, 2}
M.CAPTURE = {[0] = "null", "pipe", "pipe"}
M.SHOW = {[0] = "null", 1, 2}

--- capturing(default, capture) -> the entries where what is captured comes to us
function M.capturing(default, capture)
  if capture == true then capture = { true, true } end
  local out, err = capture[1] and "pipe", capture[2] and "pipe"
  return {[0] = default[0], out or default[1], err or default[2]}
end

local WHOLE = {pipe = M.PIPES, inherit = M.INHERIT, ignore = {[0] = "null", "null", "null"}}

-- The entries of most calls, which name no descriptor, or all three by one word.
local function ready_entries(o, default)
  if o.stdin or o.stdout or o.stderr or o.input or o.channel then return nil end
  local all = o.stdio
  if all == nil then return default end
  return type(all) == "string" and WHOLE[all] or nil
end

--- plan(fname, options, default, wants_channel) -> entries by fd, the last fd, channel's slot,
--- streams given away or nil. default: the entries of 0 to 2 where the script says nothing.
function M.plan(fname, options, default, wants_channel)
  local ready = ready_entries(options, default)
  if ready then
    flush_ours(ready, 2)
    if not wants_channel then return ready, 2 end
    return {[0] = ready[0], ready[1], ready[2], "channel"}, 3, 3
  end
  local said, last = gather(fname, options)
  local over_stdio = options.channel == "stdio"
  if over_stdio then take_stdio(fname, said, options.capture) end
  local slot
  slot, last = place_channel(fname, options, said, last, wants_channel and not over_stdio)
  if slot and over_stdio then fail(fname, "a child has one channel: 'ipc' or channel='stdio'") end
  if options.input ~= nil then
    if said[0] and (said[0] ~= "pipe" or over_stdio) then
      fail(fname, "input needs stdin, which is given as something else")
    end
    said[0] = "pipe"
  end
  local entries, given = {}, {}
  for fd = 0, last do
    local value = said[fd]
    entries[fd] = value and to_entry(fname, fd, value, given) or default[fd] or "x"
  end
  flush_ours(entries, last)
  return entries, last, slot, given
end

return M
