//! How access units become bytes for players and files.
