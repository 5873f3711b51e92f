"""Use cases of identity, by family: sign-in, own account, accounts, organisations, tokens, grants, first start."""
