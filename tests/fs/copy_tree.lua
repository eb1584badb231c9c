-- copy_tree gives what cp -a gives: modes, links, hard links, FIFOs, holes, times and owners.
local fs = require "procrun.fs"
local dir <close> = assert(fs.temp_dir())
local function at(name) return dir.path .. "/" .. name end
local function sh(text)
  assert(os.execute(("cd '%s' && { %s\n}"):format(dir.path, text)))
end

sh [[
  mkdir -p s/a/b/c s/empty 's/name with  blanks'
  echo x > s/a/x; chmod 640 s/a/x; ln s/a/x s/a/b/y; ln s/a/x s/z
  ln -s x s/a/link; ln -s /nowhere s/dangling; ln -s b s/a/to_dir
  mkfifo -m 600 s/fifo
  printf 'a%.0s' $(seq 5000) > 's/name with  blanks/f'
  truncate -s 20M s/a/sparse; echo end >> s/a/sparse
  touch -d '2001-02-03 04:05:06.789' s/a/x s/a/b s/empty; touch -h -d 2002-02-02 s/a/link
  chmod 555 s/a/b/c; chmod 1777 s/empty; chmod 4711 's/name with  blanks/f'
  list() { (cd "$1" && find . | LC_ALL=C sort | xargs -d '\n' stat -c "$2"; find . -type f |
    LC_ALL=C sort | xargs -d '\n' md5sum); }
  cp -a s theirs
  list theirs '%n %A %h %u %g %s %Y %N' > theirs.full; list s '%n %A %h %F' > s.plain]]
assert(fs.copy_tree(at "s", at "ours", { preserve = true }) == true)
sh [[
  list() { (cd "$1" && find . | LC_ALL=C sort | xargs -d '\n' stat -c "$2"; find . -type f |
    LC_ALL=C sort | xargs -d '\n' md5sum); }
  list ours '%n %A %h %u %g %s %Y %N' > ours.full; diff theirs.full ours.full]]
assert(fs.tree_size(at "ours").disk <= fs.tree_size(at "s").disk + 65536, "a hole was filled")

-- Without options: links and modes, but not times; set-id bits are for the owner that set them.
assert(fs.copy_tree(at "s", at "plain") == true)
assert(fs.stat(at "plain/a/x").mtime > 1.1e9 and fs.stat(at "plain/a/x").nlink == 3)
assert(fs.same_file(at "plain/a/x", at "plain/z"))
assert(fs.readlink(at "plain/dangling") == "/nowhere")
assert(fs.stat(at "plain/name with  blanks/f").mode == 457)
assert(fs.stat(at "plain/empty").mode == 1023, "who may write in it may not remove all in it")
assert(fs.stat(at "plain/a/b/c").mode == 365 and fs.lstat(at "plain/fifo").type == "fifo")
assert(fs.copy_tree(at "s", at "timed", { times = true }))
assert(math.abs(fs.stat(at "timed/a/b").mtime - fs.stat(at "s/a/b").mtime) < 1e-6)
assert(fs.lstat(at "timed/a/link").mtime == fs.lstat(at "s/a/link").mtime)

-- Links followed: files and directories in their place.
assert(fs.remove(at "s/dangling") and fs.copy_tree(at "s", at "followed", { follow = true }))
assert(fs.lstat(at "followed/a/link").type == "file" and fs.is_dir(at "followed/a/to_dir/c"))
assert(not fs.is_link(at "followed/a/to_dir"))

-- One that is no directory is copied as it would be in a tree.
assert(fs.copy_tree(at "s/a/link", at "link2") and fs.readlink(at "link2") == "x")
assert(fs.copy_tree(at "s/a/x", at "x2") and fs.read(at "x2") == "x\n")
assert(fs.copy_tree(at "s/fifo", at "fifo2") and fs.lstat(at "fifo2").type == "fifo")

-- A filter leaves out files, and directories with all that is in them.
local seen = {}
assert(fs.copy_tree(at "s", at "some", { filter = function(path, kind, to)
  seen[path] = to
  return not (kind == "directory" and path:find("/b$")) and kind ~= "fifo"
end }))
assert(seen[at "s/a/b"] == at "some/a/b" and seen[at "s/a/b/c"] == nil and seen[at "s"] == nil)
assert(not fs.exists(at "some/a/b") and not fs.exists(at "some/fifo") and fs.exists(at "some/a/x"))
sh "chmod -R u+w ."
