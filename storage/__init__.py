"""What the program remembers: plain records, tables, and the functions that read and write them."""
