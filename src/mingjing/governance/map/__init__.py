"""The map as people see it: what stands where, how it is, and what was found about it."""
