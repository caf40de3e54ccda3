"""The commands of `mikroserwis`."""
