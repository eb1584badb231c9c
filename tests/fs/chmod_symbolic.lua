-- chmod takes symbolic modes and gives what chmod(1) gives, for files and directories.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local changes = {
  "u+x", "go-w", "a=r", "a=rX", "+x", "-w", "+w", "=rw", "u=rwx,go=rx", "u=,g=u", "g=o", "o+g",
  "ug+s", "+t", "a-x,u+X", "u+s", "g-s", "a=", "u+rw-x", "o=t", "+X", "u-s+x", "g+s,o=",
}
local starts = { "644", "755", "4711", "2770", "1777", "000", "600" }

local function bits(path) return ("%04o"):format(fs.stat(path).mode) end

for _, kind in ipairs { "file", "dir" } do
  local ours, theirs = dir.path .. "/our_" .. kind, dir.path .. "/their_" .. kind
  for _, path in ipairs { ours, theirs } do
    assert(kind == "dir" and fs.mkdir(path) or kind == "file" and fs.write(path, ""))
  end
  local commands = {}
  for _, start in ipairs(starts) do
    for _, change in ipairs(changes) do -- five digits: also the set-id bits of a directory
      commands[#commands + 1] = ("chmod %05d '%s'; chmod -- '%s' '%s' 2>&-; stat -c %%a '%s'")
        :format(tonumber(start), theirs, change, theirs, theirs)
    end
  end
  local pipe = assert(io.popen(table.concat(commands, "\n")))
  for _, start in ipairs(starts) do
    for _, change in ipairs(changes) do
      local want = ("%04o"):format(tonumber(pipe:read("l"), 8))
      assert(fs.chmod(ours, start))
      assert(fs.chmod(ours, change) == true)
      assert(bits(ours) == want, ("%s of %s, a %s: %s, not %s"):format(change, start, kind,
        bits(ours), want))
    end
  end
  pipe:close()
end

local long = ("u+x,"):rep(40) .. "u+x"
for _, bad in ipairs { "u", "x", "u+y", "u+x,", ",u+x", "z+x", "", "u +x", "8", long } do
  local ok, message = pcall(function() return (fs.chmod(dir.path, bad)) end)
  assert(not ok and message:find("bad argument #2 to 'chmod'", 1, true), bad)
end
local ok, message, code = fs.chmod(dir.path .. "/none", "u+x")
assert(ok == nil and code == "ENOENT" and message:find("none: no such", 1, true))
