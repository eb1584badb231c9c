-- Every function of fs takes a relative name from the directory of the task's scope, and gives
-- names back as they were given.
local check = require "tests.lib.check"
local fs = require "procrun.fs"
local proc = require "procrun.proc"
local task = require "procrun.task"

local root = fs.realpath(check.tmp "")

local function every_function(dir, i)
  local function there(name) return assert(fs.stat(dir .. "/" .. name)) end
  assert(fs.write("f", "text " .. i))
  check.eq(there "f".size, #("text " .. i))
  assert(fs.append("f", "\nmore"))
  check.eq(fs.read "f", "text " .. i .. "\nmore")
  check.eq(fs.lines "f"(), "text " .. i)
  local file <close> = assert(fs.open("g", "w"))
  file:write "g"
  file:close()
  check.eq(fs.stat "g".ino, there "g".ino)
  check.eq(fs.lstat "g".ino, there "g".ino)
  check.eq(fs.exists "g" and fs.is_file "g" and not fs.is_dir "g", true)
  check.eq(fs.access("g", "r"), true)
  assert(fs.mkdir "d")
  assert(fs.mkdir_p "d/e/f")
  assert(fs.write("d/e/x.lua", "x"))
  check.eq(table.concat(fs.readdir ".", " "), "d f g")
  check.eq(fs.realpath "d/../g", dir .. "/g")
  assert(fs.symlink("g", "l"))
  check.eq(fs.readlink "l", "g")
  check.eq(fs.is_link "l", true)
  assert(fs.link("g", "h"))
  check.eq(fs.same_file("g", "h"), true)
  check.eq(fs.same_file("f", "h"), false)
  assert(fs.chmod("h", "600"))
  check.eq(there "g".mode, 384)
  assert(fs.utime("h", 1, 2))
  check.eq(there "g".mtime, 2.0)
  assert(fs.touch "t")
  there "t"
  assert(fs.truncate("f", 4))
  check.eq(there "f".size, 4)
  assert(fs.sync "f")
  check.eq(fs.disk_space ".".total > 0, true)
  assert(fs.copy("f", "copy"))
  check.eq(there "copy".size, 4)
  assert(fs.copy_tree("d", "d2", { filter = function() task.sleep(0) return true end }))
  there "d2/e/x.lua"
  assert(fs.move("d2", "d3"))
  assert(fs.chmod_tree("d3", "u+rwx"))
  check.eq(fs.tree_size "d3".files, 1)
  check.eq(table.concat(fs.glob "**/*.lua", " "), "d/e/x.lua d3/e/x.lua")
  check.eq(table.concat(fs.glob("*.lua", { cwd = "d/e" }), " "), "x.lua")
  check.eq(fs.glob("d/*", { absolute = true })[1], dir .. "/d/e")
  local names = {}
  for name in fs.walk "d3" do names[#names + 1] = name end
  check.eq(table.concat(names, " "), "d3/e d3/e/f d3/e/x.lua")
  assert(fs.rename("t", "t2"))
  there "t2"
  assert(fs.remove "t2")
  assert(fs.remove_tree "d3")
  check.values(table.pack(fs.read "d3/e/x.lua"), nil, "d3/e/x.lua: no such file or directory",
    "ENOENT")
  local temp <close> = assert(fs.temp_dir { dir = "d" })
  check.eq(temp.path:sub(1, #dir + 3), dir .. "/d/")
  check.eq(fs.is_dir(temp.path), true)
end

local many = {}
for i = 1, 12 do many[i] = i end
task.map(many, 12, function(i)
  local dir = root .. "/" .. i
  fs.mkdir(dir)
  local _ <close> = assert(proc.scope { cwd = dir })
  every_function(dir, i)
end)

-- Where nothing can wait.
local dir = root .. "/sorted"
fs.mkdir(dir)
local _ <close> = assert(proc.scope { cwd = dir })
table.sort({ 1, 2 }, function()
  fs.write("in sort", "text")
  check.eq(fs.read(dir .. "/in sort"), "text")
  return false
end)
