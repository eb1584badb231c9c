// empty.mjs - a script that does nothing.
