-- What each side makes of the other's values: Node is our parent.
-- requires: node>=20
-- timeout: 120
local peers = require "tests.lib.peers"

peers.expect_ok(peers.parent("node", [==[
const worker = start(`
  local json = require "json"
  local function shown(v)
    if math.type(v) then return ("%s %q"):format(math.type(v), v) end
    if type(v) == "string" then return "string " .. v:gsub(".", function(c)
      return (" %02x"):format(c:byte()) end) end
    return (v == json.null and "null" or type(v)) .. " " .. json.encode(v)
  end
  for m in process:messages() do
    if type(m) == "table" and m.eval then
      process.send(load("return " .. m.eval)())
    else
      process.send(shown(m))
    end
  end
`);
main(async () => {
  const end = ended(worker, 'exit');
  const theirs = [
    ['', 'string '], ['ü€\u{1F600}\0\u2028', 'string  c3 bc e2 82 ac f0 9f 98 80 00 e2 80 a8'],
    ['a\ud83d', 'string  61 ef bf bd'], ['\r\n\t\x7f"\\', 'string  0d 0a 09 7f 22 5c'],
    [0, 'integer 0'], [-0, 'integer 0'], [1, 'integer 1'], [1.5, 'float 0x1.8p+0'],
    [2 ** 53 - 1, 'integer 9007199254740991'], [2 ** 53, 'integer 9007199254740992'],
    [2 ** 53 + 2, 'integer 9007199254740994'], [-(2 ** 53), 'integer -9007199254740992'],
    [2 ** 62, 'integer 4611686018427388000'], [2 ** 63, 'float 0x1p+63'],
    [1e21, 'float ' + '0x1.b1ae4d6e2ef5p+69'], [NaN, 'null null'], [null, 'null null'],
    [true, 'boolean true'], [false, 'boolean false'], [[], 'table []'], [{}, 'table {}'],
    [[[], {}, [null]], 'table [[],{},[null]]'],
    [{ a: { b: [1, 'x'] } }, 'table {"a":{"b":[1,"x"]}}'],
  ];
  for (const [value, wanted] of theirs) {
    const answer = next(worker);
    worker.send(value);
    assert.strictEqual(await answer, wanted);
  }
  const ours = [
    ['""', ''], ['"\\0\\u{1F600}\\u{2028}"', '\0\u{1F600}\u2028'],
    ['1', 1], ['1.0', 1], ['-0.0', -0],
    ['0.1', 0.1], ['1e300', 1e300], ['1 << 53', 2 ** 53], ['(1 << 53) + 1', 2 ** 53],
    ['math.maxinteger', 2 ** 63], ['math.mininteger', -(2 ** 63)], ['2^53', 2 ** 53],
    ['false', false], ['require"json".null', null], ['{}', []], ['require"json".object{}', {}],
    ['{{}, {x = {1, 2}}}', [[], { x: [1, 2] }]], ['{["1"] = 2}', { 1: 2 }],
  ];
  for (const [source, wanted] of ours) {
    const answer = next(worker);
    worker.send({ eval: source });
    assert.deepStrictEqual(await answer, wanted);
  }
  worker.disconnect();
  assert.strictEqual((await end).code, 0);
});
]==]))
