#!/usr/bin/env procrun
-- wordcount.lua - the most frequent words of all files below a folder, counted by one worker
-- process a core. Parent and worker are the same file; logs.lua does such work with a pool.

local fs = require "fs"
local json = require "json"

-- Words are runs of ASCII letters, without regard to case.
local function count_words(text, counts)
  for word in text:gmatch("%a+") do
    word = word:lower()
    counts[word] = (counts[word] or 0) + 1
  end
end

-- The worker: gets lists of paths, answers each with what it found.
if process.connected then
  for paths in process:messages() do
    local reply = {counts = {}, files = 0, bytes = 0, failed = {}}
    for _, path in ipairs(paths) do
      local text, message = fs.read(path)
      if text then
        count_words(text, reply.counts)
        reply.files, reply.bytes = reply.files + 1, reply.bytes + #text
      else
        table.insert(reply.failed, message)
      end
    end
    reply.counts = json.object(reply.counts)
    process:send(reply)
  end
  return
end

local cli = require "cli"
local proc = require "proc"
local task = require "task"
local timer = require "timer"

local BATCH = 8     -- files dealt out at a time
local ATTEMPTS = 3  -- workers that a batch may cost before it is given up
local TOP = 20

local opt = cli.args [[
usage: wordcount.lua [options] [<dir>]

Shows the most frequent words of all files below a folder.

  -w, --workers N   processes that count; one a core without it (1..)
  <dir>             the folder (default /usr/share/common-licenses)]]

local dir, workers = opt.dir, opt.workers or process.cores()
if not fs.is_dir(dir) then
  io.stderr:write("wordcount: ", dir, " is no directory\n")
  process.exit(2)
end

local started = timer.now()
local total = {counts = {}, files = 0, bytes = 0, failed = 0}
local batches, found = task.queue(), 0
local open = 0 -- batches not answered yet; the last one closes the queue

local function report(message)
  if process.stderr.is_tty then io.stderr:write("\r\27[K") end
  io.stderr:write("wordcount: ", message, "\n")
end

local function show_progress()
  if process.stderr.is_tty then
    io.stderr:write(("\r\27[K%d of %d files"):format(total.files + total.failed, found))
  end
end

local function settle(batch)
  open = open - 1
  if open == 0 then batches:close() end
  if batch then total.failed = total.failed + #batch.paths end
  show_progress()
end

local function merge(reply)
  for word, n in pairs(reply.counts) do total.counts[word] = (total.counts[word] or 0) + n end
  total.files, total.bytes = total.files + reply.files, total.bytes + reply.bytes
  total.failed = total.failed + #reply.failed
  for _, message in ipairs(reply.failed) do report(message .. "; skipped") end
end

-- The worker has died over this batch: others try, up to a limit.
local function deal_again(batch, worker)
  batch.attempts = batch.attempts + 1
  report(("worker %d is gone (%s) and was replaced"):format(worker.pid, tostring(worker:wait())))
  if batch.attempts < ATTEMPTS then
    batches:put(batch)
  else
    report(("%d files given up: %d workers died over them"):format(#batch.paths, ATTEMPTS))
    settle(batch)
  end
end

-- Deals batches to one worker, until there are no more (true) or the worker is gone (false).
local function serve_with_one()
  local worker <close> = assert(proc.fork(arg[0]))
  for batch in batches do
    worker:send(batch.paths)
    local reply = worker:receive()
    if not reply then
      deal_again(batch, worker)
      return false
    end
    merge(reply)
    settle()
  end
  worker:disconnect()
  worker:wait()
  return true
end

local function serve()
  repeat until serve_with_one()
end

local function deal()
  local paths = {}
  open = 1 -- this task itself
  local function put()
    open = open + 1
    batches:put {paths = paths, attempts = 0}
    paths = {}
  end
  for path, kind in fs.walk(dir) do
    if kind == "file" then
      found = found + 1
      paths[#paths + 1] = path
      if #paths == BATCH then put() end
    end
  end
  if #paths > 0 then put() end
  settle()
end

local jobs = {deal}
for i = 1, workers do jobs[i + 1] = serve end
task.all(jobs)
if process.stderr.is_tty then io.stderr:write("\r\27[K") end

local words = {}
for word in pairs(total.counts) do words[#words + 1] = word end
table.sort(words, function(a, b)
  local x, y = total.counts[a], total.counts[b]
  if x ~= y then return x > y end
  return a < b
end)
for i = 1, math.min(TOP, #words) do print(("%8d  %s"):format(total.counts[words[i]], words[i])) end
local seconds = timer.now() - started
print(("%d files, %d bytes, %d words, %.2f s with %d workers"):format(total.files, total.bytes,
  #words, seconds, workers))
if total.failed > 0 then print(("%d files skipped"):format(total.failed)) end
