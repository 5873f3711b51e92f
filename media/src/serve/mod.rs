//! How bytes leave: each delivery against a ticket, each viewer with a bound.
