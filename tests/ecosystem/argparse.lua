-- argparse: `arg`, usage and errors, os.exit out of it.
local rock = require "tests.lib.rock"
local check = require "tests.lib.check"

rock.need("lua-argparse", "argparse")
local SCRIPT <const> = [[
  local parser = require "argparse"("script", "An example.")
  parser:argument "input"
  parser:option "-o --output":default "a.out"
  parser:flag "-v --verbose":count "*"
  local given = parser:parse()
  print(given.input, given.output, given.verbose)]]
check.eq(rock.same(SCRIPT, {args = {"in.txt", "-vv", "-o", "x"}}).stdout, "in.txt\tx\t2\n")
check.has(rock.same(SCRIPT, {args = {"--help"}}).stdout, "Usage: script")
check.has(rock.same(SCRIPT, {args = {"--nope"}, fails = 1}).stderr, "Usage: script")
