-- measure.lua - runs the subjects of a row, one round of all after the other, and gathers what they
-- print: the last line of their standard output is a JSON object with a number for each measure,
-- with `lost` and `sent` where messages were lost, or with `error`.

local proc = require "procrun.proc"
local json = require "procrun.json"
local timer = require "procrun.timer"
local goals = require "tests.bench.lib.goals"
local progress = require "tests.bench.lib.progress"
local stats = require "tests.bench.lib.stats"

local M = {}

local TIMEOUT, MOST_ROUNDS = 60, 9

-- One run of a subject: its numbers, or what went wrong.
local function run_once(subject, timeout)
  local result = proc.run(subject.command, { timeout = timeout, extend_env = subject.env })
  if not result.ok then
    local why = tostring(result):gsub("%s*\n%s*", "; ")
    return nil, why
  end
  local line = result.stdout:match("([^\n]+)%s*$") or ""
  local answer = json.decode(line)
  if type(answer) ~= "table" then return nil, ("printed no JSON but '%s'"):format(line) end
  if answer.lost and answer.lost > 0 then
    return nil, ("loses %d of %d"):format(answer.lost, answer.sent), true
  end
  if answer.error then return nil, answer.error end
  return answer
end

local function take(subject, measures, timeout)
  local answer, why, lossy = run_once(subject, timeout)
  for _, measure in ipairs(measures) do
    local value = answer and answer[measure.key]
    if answer and type(value) ~= "number" then
      why = ("printed no number for '%s'"):format(measure.key)
    elseif answer then
      local list = subject.lists[measure.key] or {}
      subject.lists[measure.key] = list
      list[#list + 1] = value
    end
  end
  -- Loss is what a run showed once, whatever the others did.
  if why and not subject.failed then subject.failed, subject.lossy = why, lossy end
end

-- The subjects of each size; a row without sizes has one case.
local function cases_of(row, tools)
  local cases = {}
  for i, size in ipairs(row.sizes or { false }) do
    local subjects = row.subjects(tools, size or nil)
    for _, subject in ipairs(subjects) do subject.lists = {} end
    cases[i] = { size = size or nil, subjects = subjects }
  end
  return cases
end

local function one_round(row, cases, round)
  for _, case in ipairs(cases) do
    for _, subject in ipairs(case.subjects) do
      -- What has failed will fail again; the time is better spent on the others.
      if not subject.failed then
        progress.show(row.name, round, subject.name)
        take(subject, row.measures, row.timeout or TIMEOUT)
      end
    end
  end
end

local function ratios(values)
  for _, value in pairs(values) do
    if values.c and values.c.median ~= 0 then value.of_c = value.median / values.c.median end
  end
end

local function summary(case, measures)
  local result = { size = case.size, measures = {}, failed = json.object {}, lossy = {} }
  for _, subject in ipairs(case.subjects) do
    result.failed[subject.name] = subject.failed
    if subject.lossy then result.lossy[#result.lossy + 1] = subject.name end
  end
  for i, measure in ipairs(measures) do
    local values = json.object {}
    for _, subject in ipairs(case.subjects) do
      values[subject.name] = not subject.failed and stats.summary(subject.lists[measure.key] or {})
        or nil
    end
    ratios(values)
    local reached, list = goals.judge(measure.goal, values)
    result.measures[i] = { key = measure.key, title = measure.title, unit = measure.unit,
      better = measure.better, goal = list, reached = reached, values = values }
  end
  return result
end

--- row(row, tools, [rounds]) -> {name =, title =, rounds =, seconds =, cases =}
function M.row(row, tools, rounds)
  local cases, began, round, longest = cases_of(row, tools), timer.now(), 0, 0
  repeat
    round = round + 1
    local start = timer.now()
    one_round(row, cases, round)
    longest = math.max(longest, timer.now() - start)
    local left = row.seconds - (timer.now() - began)
  until round == rounds or not rounds and (round == MOST_ROUNDS or left < longest)
  local result = { name = row.name, title = row.title, rounds = round, cases = {},
    size_unit = row.size_unit, seconds = timer.now() - began }
  for i, case in ipairs(cases) do result.cases[i] = summary(case, row.measures) end
  return result
end

return M
