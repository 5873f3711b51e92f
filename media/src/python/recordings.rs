//! Functions over the recordings of a storage root (doors §1). None needs a running plane.

use crate::record::{
    face,
    identity::{self, Refusal},
    import::ImportError,
};
use pyo3::{
    exceptions::{PyOSError, PyValueError},
    prelude::*,
};
use std::{io, path::PathBuf};

fn os_error(why: &io::Error) -> PyErr {
    match (why.kind(), why.raw_os_error()) {
        (io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData, _) => {
            PyValueError::new_err(why.to_string())
        }
        (_, Some(number)) => PyOSError::new_err((number, why.to_string())),
        _ => PyOSError::new_err(why.to_string()),
    }
}

fn refused(why: &Refusal) -> PyErr {
    match why {
        Refusal::Io(why) => os_error(why),
        why => PyValueError::new_err(why.to_string()),
    }
}

/// Checks that `root` is storage `id`; an empty one becomes it.
#[pyfunction]
pub fn own_storage(py: Python<'_>, root: PathBuf, id: &str, now_us: i64) -> PyResult<()> {
    py.detach(|| identity::own(&root, id, now_us)).map_err(|why| refused(&why))
}

/// Makes `root` storage `id`, whatever it was.
#[pyfunction]
pub fn adopt_storage(py: Python<'_>, root: PathBuf, id: &str, now_us: i64) -> PyResult<()> {
    py.detach(|| identity::adopt(&root, id, now_us)).map_err(|why| refused(&why))
}

fn json(value: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|why| PyValueError::new_err(why.to_string()))
}

/// JSON {"folders": ["stream/day"], "damaged": [{"path", "problem"}]} below `root`.
#[pyfunction]
pub fn storage_folders(py: Python<'_>, root: PathBuf) -> PyResult<String> {
    json(&py.detach(|| face::storage_folders(&root)).map_err(|why| os_error(&why))?)
}

/// JSON {"segments": [Segment], "damaged": [{"path", "problem"}], "aside": [path]} of one folder; files whose
/// names without suffix are in the JSON list `known` are not looked at.
#[pyfunction]
pub fn scan_folder(py: Python<'_>, root: PathBuf, folder: &str, known: &str) -> PyResult<String> {
    let known = serde_json::from_str(known)
        .map_err(|why| PyValueError::new_err(format!("known must be a JSON list of file names: {why}")))?;
    let found =
        py.detach(|| face::scan_folder(&root, folder, &known).map(|found| serde_json::to_string(&found)));
    found.map_err(|why| os_error(&why))?.map_err(|why| PyValueError::new_err(why.to_string()))
}

/// JSON {"ok", "problems"} of one segment at depth presence, size or hash.
#[pyfunction]
pub fn verify_segment(py: Python<'_>, path: PathBuf, depth: &str) -> PyResult<String> {
    let depth = depth.parse().map_err(PyValueError::new_err)?;
    json(&py.detach(|| face::verify_segment(&path, depth)).map_err(|why| os_error(&why))?)
}

/// Brings a file in as segments of a stream; JSON list of them.
#[pyfunction]
pub fn import_file(
    py: Python<'_>,
    root: PathBuf,
    source: PathBuf,
    stream: &str,
    start_us: i64,
    segment_seconds: u32,
) -> PyResult<String> {
    let made = py.detach(|| face::import_file(&root, &source, stream, start_us, segment_seconds));
    match made {
        Ok(segments) => json(&segments),
        Err(ImportError::Io(why)) => Err(os_error(&why)),
        Err(why @ ImportError::Disk(_)) => Err(PyOSError::new_err(why.to_string())),
        Err(why) => Err(PyValueError::new_err(why.to_string())),
    }
}

/// JSON {"init_bytes", "fragments", "segment"} of one file.
#[pyfunction]
pub fn segment_table(py: Python<'_>, path: PathBuf) -> PyResult<String> {
    json(&py.detach(|| face::segment_table(&path)).map_err(|why| os_error(&why))?)
}

/// Unlinks one segment by its id and syncs its directory; false if it was gone already.
#[pyfunction]
pub fn delete_segment(py: Python<'_>, root: PathBuf, id: &str) -> PyResult<bool> {
    py.detach(|| face::delete_segment(&root, id)).map_err(|why| os_error(&why))
}
