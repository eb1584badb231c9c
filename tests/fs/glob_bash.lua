-- glob finds what bash finds (globstar, nullglob), in a tree with hostile names.
local fs = require "procrun.fs"
local proc = require "procrun.proc"

if not proc.which "bash" then
  print "skip: there is no bash"
  os.exit(0)
end

local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
local files = {
  "a.c", "b.h", "x1", "x2", "x10", "A.C", "-n", "~", "#x", "a b", "two\nlines", "tab\t", "s*r",
  "q?",
  "[ab]", "[x", "x]", "a]b", "{a,b}", "{a", "!z", "^z", "back\\slash", "'q'", '"q"', "$HOME", "`x`",
  "bad\xff\xfe", "\xffbad", "é", "éa", "ü.c", "日本", ".hidden", ".c", "..two", "...", "a,b", "a-b",
  "src/main.c", "src/main.h", "src/.dot.c", "src/deep/er/x.c", "src/deep/er/.y.c", "src/deep/x.c",
  ".git/objects/x.c", "src/.h/x.c", "e.c/x.c", "d ir/a b.c", "d[1]/x.c", "*/x.c", "\n/x.c",
  "a/b/a/b/c",
}
for _, name in ipairs(files) do
  assert(fs.mkdir_p(at(name):match("^(.*)/")))
  assert(fs.write(at(name), ""))
end
assert(fs.symlink("src", at "link") and fs.symlink("nowhere", at "broken"))
assert(fs.symlink("..", at "src/up") and fs.symlink("main.c", at "src/link.c"))

local patterns = {
  "*", ".*", "?", "??", "???", "*.c", "*.[ch]", "*.{c,h}", "{a,b}.{c,h}", "[!a-z]*", "[^a-z]*",
  "[]x]*",
  "[a-]*", "[[]*", "*[]]", "[[:alpha:]]1", "[[:upper:]]*", "*[[:digit:]]", "*[![:digit:]]",
  "[a-c]?[b-d]",
  "[[:punct:]]*", "[[:space:]]*", "*[[:space:]]*", "[\\!]z", "[é-ü]*", "[é]", "é*", "?a", "*\\**",
  "\\**",
  "s\\*r", "q\\?", "\\[ab\\]", "[[]ab[]]", "\\{a*", "~", "back\\\\*", "x{1..2}", "x{01..10}",
  "x{1..10..9}",
  "x{10..1}", "{a..c}.c", "{x{1,2},a.c}", "{,src/}*.h", "{a}", "[x", "[x*", "x]", "a]b", "!z",
  "bad*", "*bad*",
  "\xff*", "*\xff\xfe", "**", "**/", "*/", ".*/", "**/*", "**/*.c", "**/x.c", "src/**", "src/**/",
  "src/**/x.c",
  "src/**/*.c", "src/**/.*", "**/.*", "**/.*/*", ".git/**", ".git/**/x.c", "**/**/x.c",
  "**/deep/**/x.c",
  "**/er/*", "*/*.c", "*/*/*", "*/x.c", "\\*/x.c", "[*]/*", "d\\[1\\]/*", "d[[]1]/*", "?/x.c",
  "d ir/*", "link/*",
  "link/**", "link/**/x.c", "*/up/*.c", "src/up", "src/up/*.c", "broken", "broken*", "*k",
  "src/*k.c", "src/main.c",
  "src/*.c/", "./*.c", "../*/a.c", "src/../*.c", "src/./*.c", "nothing*", "nothing/*", "a.c/*",
  "*a*b*",
  "a*/**/b", "**/a/**/b/*", "a/**/c", "**/b", "{src,a}/**/{x,main}.*", "*{.c,.h}", "*.c{,x}",
  "{*.c,*.h}",
  "..*", "...", "[.]*", "?hidden", "src/[.]*", "*/.*.c", "\\.c", "\\.*", dir.path .. "/*.c",
  "{" .. dir.path .. "/src,src}/*.h", "*,b", "a[,]b", "a[+--]b", "[[=a=]]*.c", "[[.a.]].c",
  "[[:nope:]]*",
}

-- One word a pattern; bash gives one that has no wildcard back as it is,
-- so only what exists counts.
local script = [[
shopt -s globstar nullglob; IFS=
cd "$1" || exit 1
set -- "${@:2}"
say() {
  for f; do
    if [ -e "$f" ] || [ -L "$f" ]; then printf '%s\0' "$f"; fi
  done
  printf '\0'
}
for p; do eval "say $p"; done
]]
-- For eval: only what means something to the shell itself is quoted,
-- so that braces are written out.
local function for_shell(pattern)
  return (pattern:gsub("[ \n\t~#!^$`'\"&;<>|()]", function(c)
    return (c == "!" or c == "^") and c or c == "\n" and "'\n'" or "\\" .. c
  end))
end
local words = {}
for i, pattern in ipairs(patterns) do words[i] = for_shell(pattern) end
local result = proc.run("bash", { "-c", script, "bash", dir.path, table.unpack(words) },
  { extend_env = { LC_ALL = "C.UTF-8" } }):check()

-- Where we differ on purpose: `a/**` leaves out "a/" itself;
-- and bash goes into links from `a/**/b`,
-- but not from `**/b`, we from neither.
local function normal(list, pattern)
  local seen, sorted = {}, {}
  for _, name in ipairs(list) do
    local itself = pattern:find("%*%*/?$") and name == pattern:gsub("%*%*/?$", "")
    local linked = pattern:find("^src/%*%*/") and name:find("^src/up/.")
    if not seen[name] and not itself and not linked then
      seen[name] = true
      sorted[#sorted + 1] = name
    end
  end
  table.sort(sorted)
  return sorted
end

local function shown(list)
  local quoted = {}
  for i, name in ipairs(list) do quoted[i] = ("%q"):format(name) end
  return table.concat(quoted, " ")
end

local at_byte, count = 1, 0
for _, pattern in ipairs(patterns) do
  local list = {}
  while true do
    local stop = assert(result.stdout:find("\0", at_byte, true), pattern)
    local name = result.stdout:sub(at_byte, stop - 1)
    at_byte = stop + 1
    if name == "" then break end
    list[#list + 1] = name
  end
  local want, got = shown(normal(list, pattern)), shown(assert(fs.glob(pattern,
    { cwd = dir.path })))
  if want ~= got then print(("%q\n  bash: %s\n  glob: %s"):format(pattern, want, got)) end
  if want == got then count = count + 1 end
end
assert(count == #patterns, ("%d of %d patterns differ"):format(#patterns - count, #patterns))
