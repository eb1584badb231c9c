-- Every script of scripts/examples says what it is, knows --help, refuses what it does not know,
-- and has a test of its own; most are short enough to be read in a minute.

local example = require "tests.lib.example"
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local path = require "procrun.path"

local LONG = { wordcount = true } -- a whole worker script
local count = 0
for _, file in ipairs(assert(fs.glob "scripts/examples/*.lua")) do
  local name, text = path.stem(file), assert(fs.read(file))
  if not name:find "_worker$" then
    count = count + 1
    check.matches(text, "^#!/usr/bin/env procrun\n%-%- " .. name .. "%.lua %- ")
    assert(fs.access(file, "x"), file .. " is not executable")
    assert(fs.is_file(("tests/examples/%s.lua"):format(name)), name .. " has no test")
    local _, lines = text:gsub("\n", "\n")
    assert(LONG[name] or lines <= 60, ("%s has %d lines"):format(file, lines))

    local r = example.run(name, { "--help" })
    assert(r.ok and r.stderr == "", tostring(r))
    check.eq(r.stdout:match "^usage: (%S+)", name .. ".lua")
    r = example.run(name, { "--no-such-thing" })
    check.eq(r.code, 2)
    check.has(r.stderr, "--no-such-thing")
    check.eq(r.stdout, "")
  end
end
assert(count >= 10, count)
