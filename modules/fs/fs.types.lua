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
---@field path string
local temp = {}

---@async
---@return true? ok
---@return string? message
---@return string? code
function temp:remove() end

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

---@async
---@param count integer
---@param offset integer
---@return string? bytes
---@return string? message
---@return string? code
function file:read_at(count, offset) end

---@async
---@param bytes string|number
---@param offset integer
---@return procrun.fs.file? file
---@return string? message
---@return string? code
function file:write_at(bytes, offset) end

---@async
---@param size? integer
---@return true? ok
---@return string? message
---@return string? code
function file:truncate(size) end

---@async
---@param what? "data"
---@return true? ok
---@return string? message
---@return string? code
function file:sync(what) end

---@async
---@return procrun.fs.stat? stat
---@return string? message
---@return string? code
function file:stat() end

local fs = {}

---@async
---@param path string
---@param limit? integer
---@return string? bytes
---@return string? message
---@return string? code
function fs.read(path, limit) end

---@async
---@param path string
---@param data string|number|procrun.stream|async fun(): string?, string?, string?
---@param options? procrun.fs.write_options
---@return true? ok
---@return string? message
---@return string? code
function fs.write(path, data, options) end

---@async
---@param path string
---@param data string|number|procrun.stream|async fun(): string?, string?, string?
---@return true? ok
---@return string? message
---@return string? code
function fs.append(path, data) end

---@async
---@param path string
---@param format? string|integer
---@return async fun(): string?
function fs.lines(path, format) end

---@async
---@param from string
---@param to string
---@param options? procrun.fs.copy_options
---@return true? ok
---@return string? message
---@return string? code
function fs.copy(from, to, options) end

---@async
---@param from string
---@param to string
---@param options? procrun.fs.copy_tree_options
---@return true? ok
---@return string? message
---@return string? code
function fs.copy_tree(from, to, options) end

---@async
---@param from string
---@param to string
---@param options? procrun.fs.overwrite
---@return true? ok
---@return string? message
---@return string? code
function fs.move(from, to, options) end

---@async
---@param path string
---@param mode integer|string
---@return true? ok
---@return string? message
---@return string? code
function fs.chmod_tree(path, mode) end

---@async
---@param path string
---@param user? string|integer
---@param group? string|integer
---@return true? ok
---@return string? message
---@return string? code
function fs.chown_tree(path, user, group) end

---@async
---@param path string
---@return procrun.fs.tree_size? size
---@return string? message
---@return string? code
function fs.tree_size(path) end

---@async
---@param path string
---@param mode? string
---@param options? procrun.fs.open_options
---@return procrun.fs.file|procrun.stream|nil stream
---@return string? message
---@return string? code
function fs.open(path, mode, options) end

---@return procrun.stream? reader
---@return procrun.stream|string writer_or_message
---@return string? code
function fs.pipe() end

---@async
---@param path string
---@return procrun.fs.stat? stat
---@return string? message
---@return string? code
function fs.stat(path) end

---@async
---@param path string
---@return procrun.fs.stat? stat
---@return string? message
---@return string? code
function fs.lstat(path) end

---@async
---@param path string
---@return boolean? there
---@return string? message
---@return string? code
function fs.exists(path) end

---@async
---@param path string
---@return boolean? is_file
---@return string? message
---@return string? code
function fs.is_file(path) end

---@async
---@param path string
---@return boolean? is_dir
---@return string? message
---@return string? code
function fs.is_dir(path) end

---@async
---@param path string
---@param how? string
---@return true? ok
---@return string? message
---@return string? code
function fs.access(path, how) end

---@async
---@param path string
---@param limit? integer
---@return string[]? names
---@return table<string, procrun.fs.type>|string types_or_message
---@return string? code
function fs.readdir(path, limit) end

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

---@return async fun(): procrun.fs.changes?
function watcher:changes() end

---@return procrun.fs.watcher
function watcher:ref() end

---@return procrun.fs.watcher
function watcher:unref() end

function watcher:close() end

---@async
---@param paths string|string[]
---@param options? procrun.fs.watch_options
---@return procrun.fs.watcher? watcher
---@return string? message
---@return string? code
function fs.watch(paths, options) end

---@async
---@param pattern string|string[]
---@param options? procrun.fs.glob_options
---@return string[]? paths sorted
---@return string? message
---@return string? code
function fs.glob(pattern, options) end

---@async
---@param pattern string|string[]
---@param options? procrun.fs.glob_options
---@return async fun(): string?
function fs.iglob(pattern, options) end

---@param text string
---@return string pattern
function fs.glob_escape(text) end

---@async
---@param path string
---@param mode? integer|string
---@return true? ok
---@return string? message
---@return string? code
function fs.mkdir(path, mode) end

---@async
---@param path string
---@param mode? integer|string
---@return true? ok
---@return string? message
---@return string? code
function fs.mkdir_p(path, mode) end

---@async
---@param path string
---@return true? ok
---@return string? message
---@return string? code
function fs.remove(path) end

---@async
---@param path string
---@return true? ok
---@return string? message
---@return string? code
function fs.remove_tree(path) end

---@async
---@param from string
---@param to string
---@param options? procrun.fs.overwrite
---@return true? ok
---@return string? message
---@return string? code
function fs.rename(from, to, options) end

---@async
---@param target string
---@param path string
---@param options? procrun.fs.overwrite
---@return true? ok
---@return string? message
---@return string? code
function fs.symlink(target, path, options) end

---@async
---@param path string
---@return string? target
---@return string? message
---@return string? code
function fs.readlink(path) end

---@async
---@param path string
---@return string? path
---@return string? message
---@return string? code
function fs.realpath(path) end

---@async
---@param path string
---@param mode integer|string
---@return true? ok
---@return string? message
---@return string? code
function fs.chmod(path, mode) end

---@async
---@param path string
---@return boolean? is_link
---@return string? message
---@return string? code
function fs.is_link(path) end

---@async
---@param a string
---@param b string
---@return boolean? same
---@return string? message
---@return string? code
function fs.same_file(a, b) end

---@async
---@param path string
---@return procrun.fs.space? space
---@return string? message
---@return string? code
function fs.disk_space(path) end

---@async
---@param existing string
---@param path string
---@param options? procrun.fs.overwrite
---@return true? ok
---@return string? message
---@return string? code
function fs.link(existing, path, options) end

---@async
---@param path string
---@param user? string|integer
---@param group? string|integer
---@return true? ok
---@return string? message
---@return string? code
function fs.chown(path, user, group) end

---@async
---@param path string
---@param user? string|integer
---@param group? string|integer
---@return true? ok
---@return string? message
---@return string? code
function fs.lchown(path, user, group) end

---@async
---@param path string
---@param atime? number|false
---@param mtime? number|false
---@return true? ok
---@return string? message
---@return string? code
function fs.utime(path, atime, mtime) end

---@async
---@param path string
---@param atime? number|false
---@param mtime? number|false
---@return true? ok
---@return string? message
---@return string? code
function fs.lutime(path, atime, mtime) end

---@async
---@param path string
---@param time? number
---@return true? ok
---@return string? message
---@return string? code
function fs.touch(path, time) end

---@async
---@param path string
---@param size? integer
---@return true? ok
---@return string? message
---@return string? code
function fs.truncate(path, size) end

---@async
---@param path string
---@param what? "data"
---@return true? ok
---@return string? message
---@return string? code
function fs.sync(path, what) end

---@return string? path
---@return string? message
---@return string? code
function fs.cwd() end

---@async
---@param options? string|procrun.fs.temp_options
---@return procrun.fs.temp? temp
---@return string? message
---@return string? code
function fs.temp_dir(options) end

---@async
---@param options? string|procrun.fs.temp_options
---@return procrun.fs.temp? temp
---@return string? message
---@return string? code
function fs.temp_file(options) end

return fs
