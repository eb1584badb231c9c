-- with.lua - what sh.with and sh.remote collect: words before each command, and options.
-- with.with(nil, {"git", "-C", dir, timeout = "30s"}) is what git.run hands to words.plan.
--
-- {layers = {layer, ...} | nil, stage = options, whole = options}. A layer is {words =, masked =},
-- a remote one has `remote`; the last one stands next to the command.

local misuse = require "procrun.events.misuse"
local options = require "procrun.sh.options"
local words = require "procrun.sh.words"

local M = {}

--- extend(parent | nil, layer | nil, options | nil) -> with
function M.extend(parent, layer, to)
  local layers = parent and parent.layers
  if layer then
    layers = table.move(layers or {}, 1, layers and #layers or 0, 1, {})
    layers[#layers + 1] = layer
  end
  return {
    layers = layers,
    stage = options.copy(parent and parent.stage or {}, to and to.stage),
    whole = options.copy(parent and parent.whole or {}, to and to.whole),
  }
end

--- with(parent | nil, template | table, ...) -> with
function M.with(parent, first, ...)
  local argv, masked, to
  if type(first) == "string" then
    argv, masked = words.fill("sh.with", first, ...)
  elseif type(first) == "table" and not getmetatable(first) then
    if select("#", ...) > 0 then misuse("sh.with: one table, or a template and its parameters") end
    argv, masked = words.exact("sh.with", first)
    to = options.read("sh.with", first)
  else
    misuse("sh.with: a table of words and options expected, got %s", type(first))
  end
  local layer = argv[1] and { words = argv, masked = masked }
  if not layer and not to then misuse("sh.with: neither words nor options are given") end
  if argv[1] == "" then misuse("sh.with: the name of the program is empty") end
  return M.extend(parent, layer, to)
end

local function prefixed(list, more)
  return table.move(more, 1, #more, #list + 1, table.move(list, 1, #list, 1, {}))
end

--- apply(fname, with, argv, masked, options) -> stage, options of the whole
function M.apply(fname, with, argv, masked, to)
  local stage_options = options.copy(with.stage, to and to.stage)
  for i = with.layers and #with.layers or 0, 1, -1 do
    local layer = with.layers[i]
    if layer.remote then
      argv, masked = require "procrun.sh.remote".wrap(fname, argv, masked, stage_options)
    end
    if masked or layer.masked then
      masked = prefixed(layer.masked or layer.words, masked or argv)
    end
    argv = prefixed(layer.words, argv)
  end
  local stage = words.stage(argv, masked, stage_options)
  stage.layers = with.layers
  return stage, options.copy(with.whole, to and to.whole)
end

return M
