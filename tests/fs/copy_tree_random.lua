-- Random trees: copy_tree with `preserve` gives what cp -a gives, and over itself the same again;
-- tree_size counts what du counts.
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local dir <close> = assert(fs.temp_dir())
local random = math.random
math.randomseed(20)

local files

local makers = {
  function(path)
    local mode = ("%o"):format(random(0, 511) | 384)
    assert(fs.write(path, ("z"):rep(random(0, 300000)), { mode = mode }))
    files[#files + 1] = path
  end,
  function(path) assert(fs.symlink(random(2) == 1 and "a" or "/nowhere/x", path)) end,
  function(path)
    if #files > 0 then assert(fs.link(files[random(#files)], path)) end
  end,
  function(path) assert(os.execute(("mkfifo '%s'"):format(path))) end,
  function(path)
    assert(fs.touch(path) and fs.truncate(path, random(1 << 22)) and fs.append(path, "tail"))
    assert(fs.truncate(path, fs.stat(path).size + random(0, 1 << 20)))
  end,
}

local function fill(path, depth)
  for i = 1, random(0, 6) do
    local name = path .. "/" .. ("abcdef"):sub(i, i)
    local kind = random(8)
    if makers[kind] then
      makers[kind](name)
    elseif depth > 0 then
      assert(fs.mkdir(name))
      fill(name, depth - 1)
      assert(fs.chmod(name, random(0, 511) | 448))
      assert(fs.utime(name, random(1000000000), random(1000000000) + 0.5))
    end
  end
end

-- Without the sizes of directories, and the times of the last change of the inode.
local function listing(path)
  return proc.run("sh", { "-c", [[cd "$1" && export LC_ALL=C
    find . ! -type d -printf '%p %y %m %n %U %s %T@ %l\n' | sort
    find . -type d -printf '%p %m %U %T@\n' | sort
    find . -type f | sort | xargs md5sum]], "sh", path }):check().stdout
end

local from, ours, theirs = dir.path .. "/from", dir.path .. "/ours", dir.path .. "/theirs"
for round = 1, 5 do
  for _, path in ipairs { from, ours, theirs } do fs.remove_tree(path) end
  files = {}
  assert(fs.mkdir(from))
  fill(from, 4)
  proc.run("cp", { "-a", from, theirs }):check()
  local want = listing(theirs)
  for _ = 1, 2 do
    assert(fs.copy_tree(from, ours, { preserve = true }))
    local got = listing(ours)
    assert(got == want, ("round %d: %s\n-- not --\n%s"):format(round, got, want))
  end
  local du = proc.run("du", { "-sB1", from }):check().stdout:match("^%d+")
  assert(fs.tree_size(from).disk == math.tointeger(tonumber(du)))
end
