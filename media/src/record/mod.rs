//! How fragments reach the disk, survive, and are read again.
