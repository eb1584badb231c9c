-- Usage texts and arguments made of random pieces: what is wrong is told, nothing else goes wrong.
local read_argv = require "procrun.cli.argv"
local completion = require "procrun.cli.completion"
local read_usage = require "procrun.cli.usage"

local TEXT <const> = {"usage: ", "x", " ", "  ", "\n", "\n  ", "[", "]", "<a>", "<b>", "...", "-a",
  "-b", "--long", "--no-long", "--[no-]y", "=N", " N", " FILE", "[=W]", ", ", "|", "a|b",
  "(default 3)", "(default x)", "(1..4)", "(env HOME)", "(required)", "\n\ncommands:\n  add <z>  t",
  "  list  all", "text", "<command>", "-", "--", "(", ")", '"', "%", "\0", "\xff", "version 1.2",
  "[options]", "[--]", "TIME", "\t", "Examples:", ":", "<", ">", "[default: 3]"}
local WORDS <const> = {"-a", "-b", "--long", "--no-long", "--long=3", "-a3", "-ab", "--", "-", "x",
  "3", "-3", "", "--=x", "add", "list", "help", "--help", "-h", "--version", "--y", "--no-y", "\0",
  "-\xff", "-é", "---", "-=", "--no-", "=", "-a=", "a", "b", "\n"}
local BASE <const> = "usage: x [options] <a>... <b>\n  -a, --long N  (default 3)\n  -b\n"

local function some(pieces, most)
  local list = {}
  for i = 1, math.random(0, most) do list[i] = pieces[math.random(#pieces)] end
  return list
end

math.randomseed(1)
local good = 0
for _ = 1, 5000 do
  local text = (math.random(4) == 1 and BASE or "usage: x ") .. table.concat(some(TEXT, 10))
  local fine, spec = pcall(read_usage, text)
  if not fine then
    assert(tostring(spec):find ": args: ", spec)
  else
    good = good + 1
    assert(completion(spec, "bash"):find "complete %-F")
    for _ = 1, 10 do
      local opt, why = read_argv(spec, some(WORDS, 6))
      assert(opt or type(why) == "string")
    end
  end
end
assert(good > 100, good)
