-- command.lua - `procrun bundle`: its options, what it prints, how it ends.

local vm = require "procrun.core.vm"

local USAGE = [[
usage: procrun bundle [options] FOLDER | FILE.lua
Makes one executable of procrun and a folder of Lua files and data, whose main.lua it runs.
  -o FILE         the executable to write; else in the current folder, named as what is bundled
  --main NAME     the file to run, from the folder; else main.lua
  --exclude GLOB  leaves out files and folders (may be repeated), as a line of .gitignore does:
                  * ? [a-z] {a,b}, ** across folders; without a slash at any depth
  --hidden        takes files and folders whose names begin with a dot, too
  --strip         removes the symbols of the executable's copy first (needs strip)
  --exec FILE     uses this procrun instead of the one that is running
  --list          shows the files of a folder, or of a bundle that it checks, and writes nothing
  --help          this text
]]

local M = {}

local function fail(text, ...)
  io.stderr:write("procrun bundle: ", text:format(...), "\n")
  vm.exit(1)
end

local function misuse(text, ...)
  fail(text .. "; see procrun bundle --help", ...)
end

local FLAGS <const> = {["--hidden"] = "hidden", ["--strip"] = "strip", ["--list"] = "list",
  ["--help"] = "help"}
local VALUES <const> = {["-o"] = "output", ["--output"] = "output", ["--main"] = "main",
  ["--exec"] = "exec", ["--exclude"] = "exclude"}

-- The value of argv[i], as `--name value` or `--name=value`; and the index where it ends.
local function read_value(argv, i, name, value)
  if not value then
    i = i + 1
    value = argv[i]
  end
  if not value or value == "" then misuse("%s needs a value", name) end
  return value, i
end

local function add_pattern(list, text)
  if not require "procrun.fs.glob_pattern".compile_ignored({text}, {}) then
    misuse("--exclude: the braces of '%s' stand for too much", text)
  end
  list[#list + 1] = text
end

local function read_options(argv)
  local o, i, only_names = {exclude = {}}, 3, false
  while argv[i] do
    local word = argv[i]
    local name, value = word:match("^(%-%-[^=]+)=(.*)$")
    name = name or word
    if only_names or word:sub(1, 1) ~= "-" then
      if o.input then misuse("one folder or file at a time, not '%s' and '%s'", o.input, word) end
      o.input = word
    elseif word == "--" then only_names = true
    elseif FLAGS[word] then o[FLAGS[word]] = true
    elseif VALUES[name] then
      local key = VALUES[name]
      value, i = read_value(argv, i, name, value)
      if key == "exclude" then add_pattern(o.exclude, value)
      elseif o[key] then misuse("%s is given twice", name)
      else o[key] = value end
    else
      misuse("unrecognized option '%s'", word)
    end
    i = i + 1
  end
  return o
end

local function size_text(bytes)
  if bytes < 1000 then return ("%d bytes"):format(bytes) end
  if bytes < 1e6 then return ("%.1f kB"):format(bytes / 1e3) end
  return ("%.1f MB"):format(bytes / 1e6)
end

local function print_file(size, name, note)
  print(("%10d  %s%s"):format(size, name, note or ""))
end

-- What an executable holds; each file is read and compared with its sum.
local function list_bundle(path)
  local files, message = require "procrun.core.bundle".open(path)
  if not files then fail("%s", message) end
  local number, damaged, main = 0, 0, files:main()
  local name, size = files:entry(0)
  while name do
    local whole = files:check(number)
    print_file(size, name, not whole and "  DAMAGED" or number == main and "  (main)")
    if not whole then damaged = damaged + 1 end
    number = number + 1
    name, size = files:entry(number)
  end
  files:close()
  if damaged > 0 then fail("%s: %d damaged; make it again", path, damaged) end
end

local function list_folder(tree)
  for _, file in ipairs(tree.files) do
    print_file(file.size, file.name, file.name == tree.main and "  (main)")
  end
end

--- main(argv): argv[2] is "bundle"
function M.main(argv)
  local o = read_options(argv)
  if o.help then
    io.write(USAGE)
    return
  end
  if not o.input then misuse("which folder or file?") end
  local stat, message = require "procrun.fs".stat(o.input)
  if not stat then fail("%s", message) end
  if o.list and stat.type == "file" and not o.input:find("%.lua$") then
    return list_bundle(o.input)
  end
  local collect = require "procrun.bundle.collect"
  local tree, why = collect(o, stat)
  if not tree then fail("%s", why) end
  if o.list then return list_folder(tree) end
  local made, size = require "procrun.bundle.write"(o, tree)
  if not made then fail("%s", size) end
  print(("%s: %d file%s, %s; %s with procrun"):format(made, #tree.files,
    #tree.files == 1 and "" or "s", size_text(tree.size), size_text(size)))
end

return M
