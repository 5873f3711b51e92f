//! The PyO3 face: thin, JSON over it, mirrored by `src/mingjing/_media.pyi`.
//!
//! Whatever may wait releases the interpreter. Wrong input is a `ValueError` with a sentence, a port or
//! file an `OSError`, a call out of turn a `RuntimeError`.

mod publisher;
mod recordings;

use crate::plane::{Plane, PlaneError, config::PlaneConfig};
use pyo3::{
    exceptions::{PyOSError, PyRuntimeError, PyValueError},
    prelude::*,
    types::PyBytes,
};
use std::time::Duration;

impl From<PlaneError> for PyErr {
    fn from(why: PlaneError) -> Self {
        match why {
            PlaneError::Refused(why) => PyValueError::new_err(why.to_string()),
            PlaneError::Io(why) => match why.raw_os_error() {
                // With the number, Python raises the fitting subclass (FileNotFoundError, …).
                Some(number) => PyOSError::new_err((number, why.to_string())),
                None => PyOSError::new_err(why.to_string()),
            },
            PlaneError::NotRunning => PyRuntimeError::new_err(why.to_string()),
        }
    }
}

/// The media plane of this process. See doors §1.
#[pyclass(frozen, module = "mingjing._media")]
struct MediaPlane {
    plane: Plane,
}

#[pymethods]
impl MediaPlane {
    #[new]
    fn new(config: &str) -> PyResult<Self> {
        let config = PlaneConfig::parse(config).map_err(PlaneError::from)?;
        Ok(Self { plane: Plane::new(config)? })
    }

    fn start(&self, py: Python<'_>) -> PyResult<String> {
        Ok(py.detach(|| self.plane.start())?.to_string())
    }

    fn put_stream(&self, py: Python<'_>, spec: &str) -> PyResult<()> {
        Ok(py.detach(|| self.plane.put_stream(spec))?)
    }

    fn remove_stream(&self, py: Python<'_>, stream: &str) -> PyResult<()> {
        Ok(py.detach(|| self.plane.remove_stream(stream))?)
    }

    fn probe(&self, py: Python<'_>, spec: &str, timeout_ms: u64) -> PyResult<String> {
        let timeout = Duration::from_millis(timeout_ms.min(60_000));
        Ok(py.detach(|| self.plane.probe(spec, timeout))?.to_string())
    }

    fn revoke_ticket(&self, py: Python<'_>, ticket: &str) -> PyResult<usize> {
        Ok(py.detach(|| self.plane.revoke_ticket(ticket))?)
    }

    fn revoke_holder(&self, py: Python<'_>, holder: &str) -> PyResult<usize> {
        Ok(py.detach(|| self.plane.revoke_holder(holder))?)
    }

    fn acknowledge(&self, py: Python<'_>, segments: Vec<String>) {
        py.detach(|| self.plane.acknowledge(&segments));
    }

    fn latest_key_frame<'py>(&self, py: Python<'py>, stream: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let picture = py.detach(|| self.plane.latest_key_frame(stream))?;
        Ok(picture.map(|bytes| PyBytes::new(py, &bytes)))
    }

    fn streams(&self, py: Python<'_>) -> PyResult<String> {
        Ok(py.detach(|| self.plane.streams())?.to_string())
    }

    fn viewers(&self, py: Python<'_>) -> PyResult<String> {
        Ok(py.detach(|| self.plane.viewers())?.to_string())
    }

    fn queues(&self) -> String {
        self.plane.queues().to_string()
    }

    fn event_fd(&self) -> i32 {
        self.plane.event_fd()
    }

    fn events(&self, py: Python<'_>, most: usize) -> PyResult<String> {
        let events = py.detach(|| serde_json::to_string(&self.plane.events(most.min(10_000))));
        events.map_err(|why| PyRuntimeError::new_err(why.to_string()))
    }

    fn stop(&self, py: Python<'_>, timeout_ms: u64) {
        py.detach(|| self.plane.stop(Duration::from_millis(timeout_ms.min(600_000))));
    }
}

/// Version, codecs and build of this module, as JSON.
#[pyfunction]
fn build_info() -> String {
    serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "profile": if cfg!(debug_assertions) { "debug" } else { "release" },
        "target": format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        "video": ["h264", "h265"],
        "audio": ["aac", "pcma", "pcmu"],
    })
    .to_string()
}

#[pymodule]
mod _media {
    #[pymodule_export]
    use super::publisher::Publisher;
    #[pymodule_export]
    use super::recordings::{
        adopt_storage, delete_segment, import_file, own_storage, scan_folder, segment_table, storage_folders,
        verify_segment,
    };
    #[pymodule_export]
    use super::{MediaPlane, build_info};
}
