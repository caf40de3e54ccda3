"""Papers, packages and sheets: plain data in, bytes or a stream out."""
