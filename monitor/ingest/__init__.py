"""From a due feed to stored items: fetch, parse, read, store, many polls at a time."""
