-- index.lua - the __index of objects with methods and with fields found out when asked for:
-- Class.__index = make_index(methods, properties, [base])

--- make_index(methods, properties, [base]) -> function(object, key); properties: key -> fn(object);
--- base: the __index of the class that this one extends
return function(methods, properties, base)
  return function(self, key)
    local method = methods[key]
    if method ~= nil then return method end
    local property = properties[key]
    if property then return property(self) end
    if base then return base(self, key) end
  end
end
