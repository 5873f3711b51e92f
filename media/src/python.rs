//! The PyO3 face: thin, JSON over it, mirrored by `src/mingjing/_media.pyi`.

use pyo3::prelude::*;

#[pymodule]
mod _media {}
