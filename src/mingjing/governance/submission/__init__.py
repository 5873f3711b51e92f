"""What leaves the house with a filing and proves it: its documents, the complete package for the organ, the receipt.

Filing happens with the public security organ and on its own platform (SC799, article 14). What is printed here is the
unit's own, and says so.
"""
