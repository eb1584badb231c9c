-- empty.luv.lua - nothing but the library that makes Lua a runtime.
require "luv"
