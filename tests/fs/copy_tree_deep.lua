-- A tree deeper than any path the kernel takes is copied, changed, measured and removed.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local DEPTH <const> = 500
assert(os.execute(([[
  mkdir '%s/deep' && cd '%s/deep' && i=0
  while [ $i -lt %d ]; do mkdir abcdefgh && cd -P abcdefgh && i=$((i+1)); done
  echo bottom > file && ln file second]]):format(dir.path, dir.path, DEPTH)))
assert(fs.copy_tree(dir.path .. "/deep", dir.path .. "/copy", { times = true }) == true)
local size = assert(fs.tree_size(dir.path .. "/copy"))
assert(size.directories == DEPTH + 1 and size.files == 1 and size.size == 7)
assert(fs.chmod_tree(dir.path .. "/copy", "go=") == true)
assert(fs.chown_tree(dir.path .. "/copy", fs.stat(dir.path).uid) == true)
local pipe = assert(io.popen(("find '%s/copy' -perm 600 -type f -links 2 | wc -l; "
  .. "find '%s/copy' -perm 700 -type d | wc -l"):format(dir.path, dir.path)))
assert(pipe:read("n") == 2 and pipe:read("n") == DEPTH + 1)
pipe:close()
assert(fs.remove_tree(dir.path .. "/deep") and fs.remove_tree(dir.path .. "/copy"))
