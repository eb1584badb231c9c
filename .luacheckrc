-- How the Lua of the house is read by luacheck: plain Lua 5.4 and the one global procrun adds.
std = "lua54"
max_line_length = 100
codes = true
globals = { "process" }
exclude_files = { "build", "**/*.types.lua" }
files["runtime/boot.lua"].globals = { "require", "arg", "io" }
files["**/*.lua"].ignore = { "212/self" }
files["modules/bundle/start.lua"].globals = {"arg"}
