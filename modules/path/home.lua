-- home.lua - home directories: require "procrun.path.home"(user) -> string | nil; "": our own.

-- The first line of a passwd file in which field number `index` is `value`, as its home directory.
local function home_in(lines, index, value)
  for line in lines do
    local fields = {}
    for field in (line .. ":"):gmatch("([^:]*):") do
      fields[#fields + 1] = field
    end
    if fields[index] == value and fields[6] and fields[6] ~= "" then
      return fields[6]
    end
  end
end

-- The home directory of a user, by name (index 1) or number (index 3): from /etc/passwd, and for
-- the users of a directory service from the system's getent.
local function home_of(index, value)
  local file = io.open("/etc/passwd")
  local home = file and home_in(file:lines(), index, value)
  if file then
    file:close()
  end
  if home or not value:find("^[%w._@+-]+$") or value:find("^-") then
    return home
  end
  local getent = io.popen("getent passwd " .. value .. " 2>/dev/null")
  if getent then
    home = home_in(getent:lines(), index, value)
    getent:close()
  end
  return home
end

-- The home directory of who runs this.
local function own_home()
  local home = os.getenv("HOME")
  if home and home ~= "" then
    return home
  end
  local status = io.open("/proc/self/status")
  if not status then
    return nil
  end
  local uid = status:read("a"):match("\nUid:%s*(%d+)")
  status:close()
  return uid and home_of(3, uid)
end

return function(user)
  if user == "" then
    return own_home()
  end
  return home_of(1, user)
end
