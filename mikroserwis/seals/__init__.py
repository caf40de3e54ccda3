"""The history sealed into a hash chain: digests of rows and of masks, seals over ranges of rows, and their proof."""
