"""The price list that staff maintain and dealers read."""
