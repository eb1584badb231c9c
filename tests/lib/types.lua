-- types.lua - reads a LuaLS type file, as far as ours go: parse(file) -> {module, variables,
-- classes, defined, used, mistakes}.
--
-- variables: name -> {name, class, fields = {name -> line}, functions = {name -> {line, separator,
-- params = {…}, is_async}}}; module: the variable that the file returns; classes: name -> parents;
-- defined, used: name of a type -> line.

local TAGS <const> = {
  class = true, field = true, param = true, ["return"] = true, async = true, alias = true,
  overload = true, nodiscard = true, generic = true, type = true, operator = true, meta = true,
  deprecated = true, vararg = true, enum = true, cast = true, diagnostic = true,
}

local M = {}

local Reader = {}
Reader.__index = Reader

function Reader:complain(text, ...)
  local mistakes = self.result.mistakes
  mistakes[#mistakes + 1] = ("%s:%d: %s"):format(self.file, self.number, text:format(...))
end

function Reader:variable(name)
  local variables = self.result.variables
  variables[name] = variables[name] or {name = name, fields = {}, functions = {}}
  return variables[name]
end

-- A block of comments has ended: what stands below is not theirs.
function Reader:forget()
  self.params, self.is_async, self.class = {}, false, nil
end

function Reader:read_tag(tag, rest)
  if not TAGS[tag] then return self:complain("unknown tag @%s", tag) end
  if tag == "meta" then return end
  for name in rest:gmatch("procrun[%w_.]*[%w_]") do
    self.result.used[name] = self.result.used[name] or self.number
  end
  if tag == "async" then self.is_async = true
  elseif tag == "param" then self.params[#self.params + 1] = rest:match("^([%w_.]+)")
  elseif tag == "field" then
    local name = rest:match("^([%a_][%w_]*)")
    if name and self.class then self.class_fields[name] = self.number end
  elseif tag == "class" or tag == "alias" then
    local name, parents = rest:match("^([%w_.]+)%s*:?%s*(.*)")
    if self.result.defined[name] then self:complain("%s is defined twice", name) end
    self.result.defined[name] = self.number
    if tag == "alias" then return end
    self.class, self.class_fields = name, {}
    local list = {}
    for parent in parents:gmatch("procrun[%w_.]*[%w_]") do list[#list + 1] = parent end
    self.result.classes[name] = {parents = list, fields = self.class_fields}
  end
end

function Reader:read_function(owner, separator, name, list)
  local params = {}
  for param in list:gmatch("[%w_.]+") do params[#params + 1] = param end
  if table.concat(params, ", ") ~= table.concat(self.params, ", ") then
    self:complain("%s%s%s(%s) is described with (%s)", owner, separator, name,
      table.concat(params, ", "), table.concat(self.params, ", "))
  end
  local functions = self:variable(owner).functions
  if functions[name] then self:complain("%s%s%s stands there twice", owner, separator, name) end
  functions[name] = {line = self.number, separator = separator, params = params,
    is_async = self.is_async}
end

function Reader:read_code(line)
  local name = line:gsub("^local ", ""):match("^([%a_][%w_]*) = {")
  if name then
    local variable = self:variable(name)
    variable.class = self.class
    for field in line:gmatch("[{,]%s*([%a_][%w_]*)%s*=") do variable.fields[field] = self.number end
    self.open = not line:find("}%s*$") and name
  elseif line:find("^}") then self.open = nil
  elseif self.open and line:match("^%s+([%a_][%w_]*)%s*=") then
    self:variable(self.open).fields[line:match("^%s+([%a_][%w_]*)%s*=")] = self.number
  end
  local owner, field = line:match("^([%a_][%w_]*)%.([%a_][%w_]*) = ")
  if owner then self:variable(owner).fields[field] = self.number end
  local separator, list
  owner, separator, name, list =
    line:match("^function ([%a_][%w_]*)([.:])([%a_][%w_]*)%((.-)%) end$")
  if owner then self:read_function(owner, separator, name, list)
  elseif line:find("^function ") then
    self:complain("a function stands in one line: function x.f(a) end")
  end
  self.result.module = line:match("^return ([%a_][%w_]*)$") or self.result.module
end

function M.parse(file)
  local result = {variables = {}, classes = {}, defined = {}, used = {}, mistakes = {}}
  local self = setmetatable({file = file, number = 0, result = result}, Reader)
  self:forget()
  for line in io.lines(file) do
    self.number = self.number + 1
    local tag, rest = line:match("^%s*%-%-%-%s*@([%a_]+)%s*(.*)")
    if tag then self:read_tag(tag, rest)
    elseif line:find("^%s*%-%-%-%s*%-%-%-") then self:complain("a tag is not read here: %s", line)
    elseif not line:find("^%s*%-%-") then
      self:read_code(line)
      self:forget()
    end
  end
  for _, variable in pairs(result.variables) do
    local class = result.classes[variable.class]
    for name, number in pairs(class and class.fields or {}) do variable.fields[name] = number end
  end
  return result
end

return M
