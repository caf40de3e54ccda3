"""What the pages show, made from records: plain values for the templates, no HTML and no decisions."""
