-- run-examples.lua [PAGE …] - runs the examples of the pages; run by procrun.
-- An example is a ```lua block whose first line is "-- run", and the first ```lua block of
-- README.md. Each runs in an empty directory of its own, without input, and has to exit with 0
-- within a minute. Without arguments: README.md and every page under modules/. Exits with 1 if an
-- example fails.

local function quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- Output and exit status of a shell command.
local function shell(command)
  local pipe = assert(io.popen("{ " .. command .. "\n} 2>&1"))
  local text = pipe:read("a")
  local ok, _, status = pipe:close()
  return text, ok and 0 or status
end

local function own_path()
  local first = 0
  while arg[first - 1] do first = first - 1 end
  local name = os.getenv("PROCRUN") or arg[first]
  return (shell(("readlink -f \"$(command -v %s)\""):format(quote(name))):gsub("\n$", ""))
end

-- Calls fn(line number, text) for each example of a page.
local function each_example(page, fn)
  local number, start, block, seen = 0, nil, nil, 0
  for line in io.lines(page) do
    number = number + 1
    if block and line:match("^%s*```") then
      local is_tour = page:match("README%.md$") and seen == 1
      if is_tour or (block[1] or ""):match("^%s*%-%- run%s*$") then
        fn(start, table.concat(block, "\n") .. "\n")
      end
      block = nil
    elseif block then
      block[#block + 1] = line
    elseif line:match("^%s*```lua") then
      start, block, seen = number, {}, seen + 1
    end
  end
end

local pages = { table.unpack(arg) }
if #pages == 0 then
  for page in shell("ls README.md modules/*/*.md 2>/dev/null"):gmatch("[^\n]+") do
    pages[#pages + 1] = page
  end
end

local procrun = own_path()
local tmp = shell("mktemp -d"):gsub("\n$", "")
local ran, failed = 0, 0

local function run(page, line, text)
  ran = ran + 1
  -- Named after its page and with the line numbers of the page, for tracebacks.
  local dir = ("%s/%d"):format(tmp, ran)
  local name = ("%s-%d.lua"):format(page:match("([^/]+)%.md$") or "page", line)
  assert(os.execute(("mkdir -p %s %s"):format(quote(dir), quote(tmp .. "/files"))))
  local path = ("%s/files/%s"):format(tmp, name)
  local file = assert(io.open(path, "w"))
  assert(file:write(("\n"):rep(line), text))
  file:close()
  local output, status = shell(("cd %s && timeout 60 %s %s </dev/null"):format(
    quote(dir), quote(procrun), quote(path)))
  if status == 0 then return end
  failed = failed + 1
  print(("%s:%d: the example failed with status %d:\n%s"):format(page, line, status, output))
end

for _, page in ipairs(pages) do
  each_example(page, function(line, text) run(page, line, text) end)
end
os.execute("rm -rf " .. quote(tmp))
print(("%d examples ran, %d failed"):format(ran, failed))
os.exit(failed == 0 and ran > 0)
