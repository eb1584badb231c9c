-- third_party/*.wrap: a build from source takes nothing but the pinned tarballs (here those of the
-- distribution's archive, and no network), and the executable needs nothing but libc.
-- requires: meson cc ldd gzip
-- build: no-sanitize no-gc-stress no-launch-uv
-- timeout: 500
local check = require "tests.lib.check"
local fs, proc = require "procrun.fs", require "procrun.proc"

local dir <close> = assert(fs.temp_dir())
local function sh(text, options)
  options = options or {}
  options.cwd, options.timeout = dir.path, "480s"
  return proc.run("sh", {"-ec", text}, options)
end

-- The sources as they are here, without what earlier builds unpacked.
local root = fs.cwd()
local copied = sh("cd '" .. root .. "' && tar cf - meson.build meson_options.txt README.md LICENSE "
  .. "runtime modules scripts tests third_party/*.wrap third_party/lua.dynamic "
  .. "third_party/packagefiles | tar xf - -C " .. dir.path)
assert(copied.ok, copied.stderr)
-- What was fetched for an earlier run is good for this one, as its hash is looked at.
local kept = root .. "/build/packagecache"
sh("mkdir -p '" .. kept .. "' && ln -s '" .. kept .. "' third_party/packagecache")

local fetched = sh("scripts/package-cache")
if not fetched.ok then
  print("skip: the sources cannot be had from the distribution: " .. fetched.stderr)
  os.exit(77)
end
-- From here on without a network, so that nothing can be downloaded.
local alone = sh("unshare -rn true").ok and "unshare -rn " or ""
local set_up = sh(alone .. "meson setup build --wrap-mode=forcefallback -Dtest_hooks=false "
  .. "-Ddebug=false")
assert(set_up.ok, set_up.stdout .. set_up.stderr)
local built = sh("nice -n 19 " .. alone .. "ninja -C build procrun") -- other tests measure time
assert(built.ok, built.stdout)

for line in sh("ldd build/procrun"):check():text():gmatch("[^\n]+") do
  assert(line:find("libc%.so") or line:find("vdso") or line:find("ld%-"), "it needs " .. line)
end
for _, name in ipairs {"lua", "libuv"} do
  local version = fs.read("third_party/" .. name .. ".wrap"):match("directory = %w+%-([%d.]+)")
  local said = sh("build/procrun -v"):check():text()
  assert(said:lower():find(name .. " " .. version, 1, true), said)
end

assert(fs.write(dir.path .. "/app.lua", [[
if process.connected then process:send(process:receive() ^ 0.5) return process:disconnect() end
local worker = require "proc".fork(arg[0])
worker:send(2)
print(worker:receive() == math.sqrt(2), worker:wait().ok)
]]))
check.eq(sh("build/procrun app.lua"):check().stdout, "true\ttrue\n")

-- A changed file is refused.
sh("rm third_party/packagecache && cp -r '" .. kept .. "' third_party/packagecache && "
  .. "for f in third_party/packagecache/*; do echo x >>$f; done; rm -rf build third_party/*-[0-9]*")
local refused = sh("meson setup build --wrap-mode=forcefallback")
assert(not refused.ok and (refused.stdout .. refused.stderr):find("hash"), refused.stdout)
