"""Administrative divisions: GB/T 2260 codes and below, as a tree with materialised paths."""
