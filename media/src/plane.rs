//! The plane as its owner sees it: configuration, commands in, events out. The Python face is a thin
//! skin over this module.
