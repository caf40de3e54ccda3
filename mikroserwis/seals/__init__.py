"""The history sealed into a hash chain: what a row says as a digest, seals over ranges of rows, and their proof."""
