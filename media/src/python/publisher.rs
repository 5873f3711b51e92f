//! Python's view of the virtual cameras' publisher.

use crate::publish::{PublishError, Publisher as Running};
use pyo3::{
    exceptions::{PyOSError, PyRuntimeError, PyValueError},
    prelude::*,
};
use std::sync::{Mutex, MutexGuard, PoisonError};

impl From<PublishError> for PyErr {
    fn from(why: PublishError) -> Self {
        match why {
            PublishError::Listen(..) | PublishError::Runtime(_) => PyOSError::new_err(why.to_string()),
            _ => PyValueError::new_err(why.to_string()),
        }
    }
}

/// See `_media.pyi`.
#[pyclass(frozen, module = "mingjing._media")]
pub struct Publisher {
    config: String,
    running: Mutex<Option<Running>>,
}

impl Publisher {
    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Publisher {
    #[new]
    fn new(config: String) -> Self {
        Self { config, running: Mutex::new(None) }
    }

    fn start(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| {
            let mut running = self.running();
            if running.is_some() {
                return Err(PyRuntimeError::new_err("the publisher runs already"));
            }
            let started = Running::start(&self.config)?;
            let address = started.address().to_string();
            *running = Some(started);
            Ok(address)
        })
    }

    fn stop(&self, py: Python<'_>) {
        py.detach(|| drop(self.running().take()));
    }
}
