"""Acts on many tickets: chosen in the list, previewed, done each alone, told row by row, undone."""
