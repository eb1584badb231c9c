---@meta procrun.fs

---@alias procrun.fs.type "file"|"directory"|"link"|"fifo"|"socket"|"char"|"block"|"unknown"

---@class procrun.fs.stat
---@field type procrun.fs.type
---@field size integer
---@field mode integer permission bits
---@field mtime number seconds since 1970
---@field atime number
---@field ctime number
---@field birthtime number
---@field uid integer
---@field gid integer
---@field ino integer
---@field dev integer
---@field rdev integer
---@field blocks integer of 512 bytes
---@field nlink integer

---@class procrun.fs.write_options
---@field mode? integer|string permission bits; "644" is octal
---@field atomic? boolean false: in place
---@field append? boolean
---@field overwrite? boolean false: only if there is nothing yet
---@field sync? boolean

---@class procrun.fs.open_options
---@field mode? integer|string permission bits of a new file

---@class procrun.fs.copy_options
---@field overwrite? boolean|"skip"
---@field mode? integer|string permission bits; "644" is octal
---@field times? boolean
---@field preserve? boolean times, owner, extended attributes
---@field atomic? boolean false: in place
---@field sync? boolean

---@class procrun.fs.copy_tree_options
---@field overwrite? boolean|"skip"
---@field follow? boolean
---@field filter? async fun(path: string, type: procrun.fs.type, to: string): boolean?
---@field times? boolean
---@field preserve? boolean

---@class procrun.fs.tree_size
---@field size integer bytes in files
---@field disk integer bytes on the disk
---@field files integer
---@field directories integer
---@field others integer

---@class procrun.fs.temp_options
---@field prefix? string
---@field suffix? string
---@field dir? string
---@field keep? boolean

---@class procrun.fs.overwrite
---@field overwrite? boolean

---@class procrun.fs.space
---@field total integer bytes
---@field used integer
---@field free integer
---@field available integer for users that are not root
---@field files integer
---@field files_free integer
---@field block_size integer

---@class procrun.fs.walk_options
---@field prune? fun(path: string, type: procrun.fs.type): boolean?
---@field depth? integer
---@field ignore? string|string[] patterns as in .gitignore
---@field only? "file"|"directory"|"link"
---@field stat? boolean a procrun.fs.stat in place of the type
---@field follow? boolean

---@class procrun.fs.glob_options
---@field cwd? string
---@field ignore? string|string[] patterns as in .gitignore
---@field only? "file"|"directory"
---@field dot? boolean wildcards find hidden names
---@field nocase? boolean
---@field absolute? boolean
---@field mark? boolean directories end in a slash
---@field follow? boolean
---@field strict? boolean a directory that cannot be read is a failure

---Removed when it is closed, or at the end of the program.
---@class procrun.fs.temp
---@operator div(string): string
---@field path string
local temp = {}

---@async
---@return true? ok
---@return string? message
---@return string? code
function temp:remove() end

---It will not be removed any more.
---@return string path
function temp:keep() end

---A stream on a regular file.
---@class procrun.fs.file: procrun.stream
local file = {}

---@async
---@param whence? "set"|"cur"|"end"
---@param offset? integer
---@return integer? position
---@return string? message
---@return string? code
function file:seek(whence, offset) end

---Up to `count` bytes from a place in the file, nil at its end.
---@async
---@param count integer
---@param offset integer
---@return string? bytes
---@return string? message
---@return string? code
function file:read_at(count, offset) end

---Writes to a place in the file.
---@async
---@param bytes string|number
---@param offset integer
---@return procrun.fs.file? file
---@return string? message
---@return string? code
function file:write_at(bytes, offset) end

---As `fs.truncate`; what was read ahead is read again.
---@async
---@param size? integer
---@return true? ok
---@return string? message
---@return string? code
function file:truncate(size) end

---As `fs.sync`.
---@async
---@param what? "data"
---@return true? ok
---@return string? message
---@return string? code
function file:sync(what) end

---As `fs.stat`, of the open file.
---@async
---@return procrun.fs.stat? stat
---@return string? message
---@return string? code
function file:stat() end

local fs = {}

---The whole file.
---@async
---@param path string
---@param limit? integer
---@return string? bytes
---@return string? message
---@return string? code
function fs.read(path, limit) end

---Makes `data` the contents of the file: a string, or a function that gives one piece after the
---other and nil at the end (`nil, message, code` is a failure), or a stream, which is read up to
---its end.
---@async
---@param path string
---@param data string|number|procrun.stream|async fun(): string?, string?, string?
---@param options? procrun.fs.write_options
---@return true? ok
---@return string? message
---@return string? code
function fs.write(path, data, options) end

---`write` with `append`.
---@async
---@param path string
---@param data string|number|procrun.stream|async fun(): string?, string?, string?
---@return true? ok
---@return string? message
---@return string? code
function fs.append(path, data) end

---The lines without their ends, or what `format` says (`"L"`: with them; a count.
---@async
---@param path string
---@param format? string|integer
---@return async fun(): string?
function fs.lines(path, format) end

---A copy of a regular file, with its permission bits, but without set-id bits.
---@async
---@param from string
---@param to string
---@param options? procrun.fs.copy_options
---@return true? ok
---@return string? message
---@return string? code
function fs.copy(from, to, options) end

---A directory with everything below it, to any depth.
---@async
---@param from string
---@param to string
---@param options? procrun.fs.copy_tree_options
---@return true? ok
---@return string? message
---@return string? code
function fs.copy_tree(from, to, options) end

---`rename`; to another file system as a copy with `preserve`, which gets its name when it is
---complete, and then the original goes (a failure to remove it leaves both).
---@async
---@param from string
---@param to string
---@param options? procrun.fs.overwrite
---@return true? ok
---@return string? message
---@return string? code
function fs.move(from, to, options) end

---`chmod` for everything below a directory, and last for the directory itself.
---@async
---@param path string
---@param mode integer|string
---@return true? ok
---@return string? message
---@return string? code
function fs.chmod_tree(path, mode) end

---`lchown` for everything below a directory, and `chown` for the directory.
---@async
---@param path string
---@param user? string|integer
---@param group? string|integer
---@return true? ok
---@return string? message
---@return string? code
function fs.chown_tree(path, user, group) end

---What a directory holds, to any depth.
---@async
---@param path string
---@return procrun.fs.tree_size? size
---@return string? message
---@return string? code
function fs.tree_size(path) end

---A stream as the stream page describes it.
---@async
---@param path string
---@param mode? string
---@param options? procrun.fs.open_options
---@return procrun.fs.file|procrun.stream|nil stream
---@return string? message
---@return string? code
function fs.open(path, mode, options) end

---The two ends of a pipe as streams.
---@return procrun.stream? reader
---@return procrun.stream|string writer_or_message
---@return string? code
function fs.pipe() end

---`type` (`"file"`, `"directory"`, `"link"`, `"fifo"`, `"socket"`, `"char"`, `"block"`), `size`
---(bytes), `mode` (permission bits.
---@async
---@param path string
---@return procrun.fs.stat? stat
---@return string? message
---@return string? code
function fs.stat(path) end

---The same of a symbolic link itself.
---@async
---@param path string
---@return procrun.fs.stat? stat
---@return string? message
---@return string? code
function fs.lstat(path) end

---Is there anything? A link that leads nowhere is nothing.
---@async
---@param path string
---@return boolean? there
---@return string? message
---@return string? code
function fs.exists(path) end

---Is it a regular file?.
---@async
---@param path string
---@return boolean? is_file
---@return string? message
---@return string? code
function fs.is_file(path) end

---Is it a directory?.
---@async
---@param path string
---@return boolean? is_dir
---@return string? message
---@return string? code
function fs.is_dir(path) end

---May this process read (`"r"`), write (`"w"`), execute (`"x"`) it? `how` is any of these letters;
---none asks whether it exists.
---@async
---@param path string
---@param how? string
---@return true? ok
---@return string? message
---@return string? code
function fs.access(path, how) end

---The names in a directory, without `.` and `..`, sorted by their bytes; and a table with the type
---of each name, as in `stat`.
---@async
---@param path string
---@param limit? integer
---@return string[]? names
---@return table<string, procrun.fs.type>|string types_or_message
---@return string? code
function fs.readdir(path, limit) end

---Everything below a directory, for `for path, type, message, code in fs.walk(dir)`.
---@async
---@param dir string
---@param options? procrun.fs.walk_options
---@return async fun(): string?, (procrun.fs.type|procrun.fs.stat)?, string?, string?
function fs.walk(dir, options) end

---@class procrun.fs.change
---@field path string
---@field what "created"|"changed"|"removed"
---@field type procrun.fs.type

---@class procrun.fs.changes
---@field [integer] procrun.fs.change
---@field overflow? true the kernel had no room: found by looking at all files

---@class procrun.fs.watch_options
---@field debounce? procrun.time
---@field ignore? string|string[] patterns as in .gitignore
---@field match? string|string[]
---@field recursive? boolean

---Events: "change" (changes), "error" (error), "close".
---@class procrun.fs.watcher: procrun.emitter
local watcher = {}

---@async
---@param timeout? procrun.time
---@return procrun.fs.changes? changes
---@return string? message
---@return string? code
function watcher:next(timeout) end

---For `for changes in watcher:changes()`.
---@return async fun(): procrun.fs.changes?
function watcher:changes() end

---A `change` listener keeps the process alive: the default.
---@return procrun.fs.watcher
function watcher:ref() end

---It does not.
---@return procrun.fs.watcher
function watcher:unref() end

---Ends the watching, as does leaving the block of `local w <close> = …`.
function watcher:close() end

---Watches a file or directory, or a list of them, with everything below directories; new
---directories too, from the moment they come.
---@async
---@param paths string|string[]
---@param options? procrun.fs.watch_options
---@return procrun.fs.watcher? watcher
---@return string? message
---@return string? code
function fs.watch(paths, options) end

---The paths that match the pattern, or one of a list of patterns, sorted; without any, an empty
---list.
---@async
---@param pattern string|string[]
---@param options? procrun.fs.glob_options
---@return string[]? paths sorted
---@return string? message
---@return string? code
function fs.glob(pattern, options) end

---The same one by one, for a tree that is too large for a list: a directory before what is in it,
---names sorted in each.
---@async
---@param pattern string|string[]
---@param options? procrun.fs.glob_options
---@return async fun(): string?
function fs.iglob(pattern, options) end

---The pattern that finds just this text.
---@param text string
---@return string pattern
function fs.glob_escape(text) end

---A new directory: with the permission bits `mode`, exactly, or `rwxrwxrwx` less the umask.
---@async
---@param path string
---@param mode? integer|string
---@return true? ok
---@return string? message
---@return string? code
function fs.mkdir(path, mode) end

---With the directories above it, as needed; it may exist.
---@async
---@param path string
---@param mode? integer|string
---@return true? ok
---@return string? message
---@return string? code
function fs.mkdir_p(path, mode) end

---Removes a file, a link or an empty directory.
---@async
---@param path string
---@return true? ok
---@return string? message
---@return string? code
function fs.remove(path) end

---Removes a directory with everything below it, to any depth; anything else as `remove` does.
---@async
---@param path string
---@return true? ok
---@return string? message
---@return string? code
function fs.remove_tree(path) end

---Within one file system (else `EXDEV`: see `move`), over `to`, if it is a file or an empty
---directory; with `overwrite = false` never over anything.
---@async
---@param from string
---@param to string
---@param options? procrun.fs.overwrite
---@return true? ok
---@return string? message
---@return string? code
function fs.rename(from, to, options) end

---Makes `path` a symbolic link with the text `target`.
---@async
---@param target string
---@param path string
---@param options? procrun.fs.overwrite
---@return true? ok
---@return string? message
---@return string? code
function fs.symlink(target, path, options) end

---The text of a symbolic link.
---@async
---@param path string
---@return string? target
---@return string? message
---@return string? code
function fs.readlink(path) end

---The absolute path without links, `.` and `..`; everything in it has to exist.
---@async
---@param path string
---@return string? path
---@return string? message
---@return string? code
function fs.realpath(path) end

---Sets the permission bits, through links: an integer, an octal string, or a change as chmod(1)
---takes it, `"u+x"`, `"go-w"`, `"a=rX"`, `"u=rwx,go=rx"`, `"+x"` (which the umask counts for).
---@async
---@param path string
---@param mode integer|string
---@return true? ok
---@return string? message
---@return string? code
function fs.chmod(path, mode) end

---Is it a symbolic link?.
---@async
---@param path string
---@return boolean? is_link
---@return string? message
---@return string? code
function fs.is_link(path) end

---Are both the same file, by whatever names? Both have to exist.
---@async
---@param a string
---@param b string
---@return boolean? same
---@return string? message
---@return string? code
function fs.same_file(a, b) end

---The room on the file system that holds `path`, in bytes.
---@async
---@param path string
---@return procrun.fs.space? space
---@return string? message
---@return string? code
function fs.disk_space(path) end

---Makes `path` a further name of a file: a hard link.
---@async
---@param existing string
---@param path string
---@param options? procrun.fs.overwrite
---@return true? ok
---@return string? message
---@return string? code
function fs.link(existing, path, options) end

---Sets the owner and the group, through links: names or ids; nil leaves it as it is.
---@async
---@param path string
---@param user? string|integer
---@param group? string|integer
---@return true? ok
---@return string? message
---@return string? code
function fs.chown(path, user, group) end

---The same of a symbolic link itself.
---@async
---@param path string
---@param user? string|integer
---@param group? string|integer
---@return true? ok
---@return string? message
---@return string? code
function fs.lchown(path, user, group) end

---Sets when the file was last read and written, in seconds since 1970, with fractions; nil is now,
---`false` leaves it as it is.
---@async
---@param path string
---@param atime? number|false
---@param mtime? number|false
---@return true? ok
---@return string? message
---@return string? code
function fs.utime(path, atime, mtime) end

---The same of a symbolic link itself.
---@async
---@param path string
---@param atime? number|false
---@param mtime? number|false
---@return true? ok
---@return string? message
---@return string? code
function fs.lutime(path, atime, mtime) end

---Sets both times to now, or to `time`.
---@async
---@param path string
---@param time? number
---@return true? ok
---@return string? message
---@return string? code
function fs.touch(path, time) end

---Cuts the file at `size` bytes (0), or fills it up to that with zeros, which take no room.
---@async
---@param path string
---@param size? integer
---@return true? ok
---@return string? message
---@return string? code
function fs.truncate(path, size) end

---Waits until the disk has the file; of a directory, until it has the names in it.
---@async
---@param path string
---@param what? "data"
---@return true? ok
---@return string? message
---@return string? code
function fs.sync(path, what) end

---The working directory.
---@return string? path
---@return string? message
---@return string? code
function fs.cwd() end

---A new directory that only this user can use, in `$TMPDIR` or `/tmp`.
---@async
---@param options? string|procrun.fs.temp_options
---@return procrun.fs.temp? temp
---@return string? message
---@return string? code
function fs.temp_dir(options) end

---The same for an empty file.
---@async
---@param options? string|procrun.fs.temp_options
---@return procrun.fs.temp? temp
---@return string? message
---@return string? code
function fs.temp_file(options) end

return fs
