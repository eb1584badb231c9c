-- names.lua - what Node and the shell call it: who asks for fs.readFile learns that it is fs.read.

local camel = require "procrun.events.camel"
local misuse = require "procrun.events.misuse"

local M = {}

local OURS <const> = {
  readFile = "read", writeFile = "write", appendFile = "append", copyFile = "copy",
  cp = "copy_tree", mv = "move", rm = "remove_tree", unlink = "remove", rmdir = "remove",
  mkdtemp = "temp_dir", mktemp = "temp_file", opendir = "readdir", readDir = "readdir",
  mkdirp = "mkdir_p", utimes = "utime", lutimes = "lutime", statfs = "disk_space",
  df = "disk_space", du = "tree_size", ln = "link", fsync = "sync", fdatasync = "sync",
  createReadStream = "open", createWriteStream = "open", getcwd = "cwd",
}

--- check(key, fs): raises if another name of fs means that; else nil
function M.check(key, fs)
  if type(key) ~= "string" then return nil end
  local plain = key:gsub("Sync$", "") -- every call here waits, and only its task
  local ours = OURS[plain] or (plain ~= key and rawget(fs, camel.to_snake(plain)) and
    camel.to_snake(plain))
  if ours and rawget(fs, ours) then misuse("fs.%s: it is called '%s' here", key, ours) end
  return camel.check("fs", key, fs)
end

return M
