"""Organisations, people, roles, territory scope, grants, sign-in. The only room that can mint a `Scope`."""
