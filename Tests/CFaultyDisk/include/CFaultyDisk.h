/// Nothing to call: the library is preloaded. See README.md.
