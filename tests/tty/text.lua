-- The columns of text, text without escape sequences, and text cut to columns.
local check = require "tests.lib.check"
local tty = require "procrun.tty"
local eq = check.eq

local WIDTHS <const> = {
  [""] = 0, ["abc"] = 3, ["é"] = 1, ["e\u{301}"] = 1, ["漢字"] = 4, ["한"] = 2, ["👍"] = 2,
  ["ｆ"] = 2, ["\u{200B}"] = 0, ["\0\1\a"] = 0, ["\xff\xfe"] = 2, ["a\xc3"] = 2,
  ["\27[1;31mab\27[0m"] = 2, ["\27]8;;http://x\27\\link\27]8;;\27\\"] = 4,
  ["\27]0;title\axy"] = 2, ["\27(Bx"] = 1, ["\27"] = 0, ["\27["] = 0, ["\27[1"] = 0,
  ["ab\nabcd\na"] = 4, ["\27]no end"] = 7, [12] = 2,
}
for text, width in pairs(WIDTHS) do eq(tty.width(text), width, ("%q"):format(text)) end

eq(tty.strip "plain", "plain")
eq(tty.strip "\27[1;38;5;12mab\27[0m\27[K", "ab")
eq(tty.strip "a\27]8;;http://x\27\\link\27]8;;\aé", "alinké")
eq(tty.strip "\27", "")
eq(tty.strip "a\27]b", "a]b")
eq(#tty.strip(("\27[31mx\27[39m"):rep(10000)), 10000)
eq(select("#", tty.strip "x"), 1)

local function cut(text, columns, wanted, taken)
  local got, width = tty.cut(text, columns)
  eq(got, wanted)
  eq(width, taken)
end
cut("abc", 2, "ab", 2)
cut("abc", 3, "abc", 3)
cut("abc", 0, "", 0)
cut("abc", -1, "", 0)
cut("漢字", 3, "漢", 2)
cut("e\u{301}x", 1, "e\u{301}", 1)
cut("漢x", 1, "", 0) -- what stands behind one that does not fit is gone, too
cut("\27[31mabc\27[39m", 2, "\27[31mab\27[39m", 2)

check.raises("bad argument #1 to 'width' (string expected, got nil)", tty.width)
check.raises("bad argument #2 to 'cut' (count of columns expected, got nil)", tty.cut, "x")
