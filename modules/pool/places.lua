-- places.lua - where workers of a pool can be started: this machine, or a list of hosts; how many
-- at each, and when the next may be tried after a failure.

local misuse = require "procrun.events.misuse"
local now = require "procrun.core.self".now

local M = {}

local FIRST_PAUSE <const>, LONGEST_PAUSE <const> = 0.1, 10 -- seconds between two starts that fail

local function check_host(one, i)
  if type(one) == "string" then one = { host = one } end
  if type(one) ~= "table" or type(one.host) ~= "string" or one.host == "" then
    misuse('pool.new: option \'hosts\': element %d: name, or {host = "a", slots = 4} expected', i)
  end
  for key in pairs(one) do
    if key ~= "host" and key ~= "slots" and key ~= "exec_path" then
      misuse("pool.new: option 'hosts': element %d: unknown field '%s' (known: exec_path, host, "
        .. "slots)", i, tostring(key))
    end
  end
  if one.host:sub(1, 1) == "-" then
    misuse("pool.new: option 'hosts': element %d: '%s' would be an option of ssh", i, one.host)
  end
  if one.slots ~= nil and (math.type(one.slots) ~= "integer" or one.slots < 1) then
    misuse("pool.new: option 'hosts': element %d: slots: positive integer expected", i)
  end
  return one
end

-- ssh host procrun: how a worker at a host is started if nothing else is said.
local function ssh_to(host, options)
  local words = table.move(options.ssh or { "ssh" }, 1, options.ssh and #options.ssh or 1, 1, {})
  words[#words + 1], words[#words + 2] = host, "procrun"
  return words
end

local function new_place(host, slots, exec_path)
  local far = type(exec_path) == "table" and #exec_path > 1
  return { host = host, slots = slots, exec_path = exec_path, far = far, workers = 0, failures = 0,
    not_before = 0 }
end

--- list(options, exec_path) -> places
function M.list(options, exec_path)
  if not options.hosts then
    local size = options.size or require "procrun.core.self".cores()
    local label = type(exec_path) == "table" and #exec_path > 1 and exec_path[1] or nil
    return { new_place(label, size, exec_path) }
  end
  local places = {}
  for i, one in ipairs(options.hosts) do
    one = check_host(one, i)
    places[i] = new_place(one.host, one.slots or options.slots or 1,
      one.exec_path or ssh_to(one.host, options))
  end
  return places
end

local function is_better(place, used, than, share)
  if place.failures ~= than.failures then return place.failures < than.failures end
  return used < share
end

--- choose(places) -> the place with the most room | nil, seconds until one may be tried again
function M.choose(places)
  local best, share, soonest = nil, nil, math.huge
  local time = now()
  for _, place in ipairs(places) do
    local used = place.workers / place.slots
    if used < 1 and place.not_before > time then
      soonest = math.min(soonest, place.not_before - time)
    elseif used < 1 and (not best or is_better(place, used, best, share)) then
      best, share = place, used
    end
  end
  if best then return best end
  return nil, soonest
end

--- note_failure(place, at_once): no start there before a pause, which grows; at_once: not yet after
--- the first failure
function M.note_failure(place, at_once)
  local before = place.failures - (at_once and 1 or 0)
  place.failures = place.failures + 1
  if before < 0 then return end
  place.not_before = now() + math.min(FIRST_PAUSE * 2 ^ before, LONGEST_PAUSE)
end

--- all_failed(places) -> boolean: is there none that is still to be tried?
function M.all_failed(places)
  for _, place in ipairs(places) do
    if place.failures == 0 then return false end
  end
  return true
end

--- note_success(place): the pauses begin afresh
function M.note_success(place)
  place.failures, place.not_before = 0, 0
end

return M
