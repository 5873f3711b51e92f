"""The orders, article by article, as their readers would tell them."""
