//! Whose disk this is: an identity file in each storage root, and a lock while a program uses it. A
//! wrong or half-restored disk is refused with what to do. That a root which should hold recordings is
//! empty, as where its disk is not mounted, is known to the control plane alone.

use rustix::fs::{FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

/// Stands in each storage root.
pub const IDENTITY_FILE: &str = "mingjing-storage.json";
const LOCK_FILE: &str = "mingjing-storage.lock";

#[derive(Serialize, Deserialize)]
struct Identity {
    storage: String,
    made_us: i64,
}

/// Why a storage root is refused.
#[derive(Debug)]
pub enum Refusal {
    /// Another program uses it.
    InUse,
    /// It belongs to another storage.
    Wrong {
        found: String,
    },
    /// Recordings but no identity file.
    Unmarked,
    Unreadable,
    Io(io::Error),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse => f.write_str(
                "another running Mingjing uses this storage: stop it, or give this one another root",
            ),
            Self::Wrong { found } => write!(
                f,
                "this is the disk of storage {found:?}: mount the right one, or correct the order of the roots in \
                 the settings"
            ),
            Self::Unmarked => write!(
                f,
                "there are recordings but no {IDENTITY_FILE}: the disk is half restored or was filled by hand; \
                 restore that file from the backup, or adopt the disk if these recordings do belong here"
            ),
            Self::Unreadable => {
                write!(f, "{IDENTITY_FILE} cannot be read as JSON: restore it from the backup")
            }
            Self::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Errno> for Refusal {
    fn from(error: Errno) -> Self {
        Self::Io(error.into())
    }
}

/// Held while a storage root is used; the lock goes with the process, however it ends.
#[derive(Debug)]
pub struct StorageLock {
    _lock: OwnedFd,
}

/// Locks a root and checks whose it is. An empty root becomes storage `id`.
pub fn claim(root: &Path, id: &str, now_us: i64) -> Result<StorageLock, Refusal> {
    let lock = lock(root)?;
    own(root, id, now_us)?;
    Ok(lock)
}

/// Locks a root that is marked as storage `id` already. Any other is left as it is.
pub fn claim_marked(root: &Path, id: &str) -> Result<StorageLock, Refusal> {
    let text = std::fs::read(root.join(IDENTITY_FILE))?;
    let found: Identity = serde_json::from_slice(&text).map_err(|_| Refusal::Unreadable)?;
    if found.storage == id { lock(root) } else { Err(Refusal::Wrong { found: found.storage }) }
}

/// Checks whose a root is, without the lock: for work beside a running program. An empty root becomes
/// storage `id`.
pub fn own(root: &Path, id: &str, now_us: i64) -> Result<(), Refusal> {
    match std::fs::read(root.join(IDENTITY_FILE)) {
        Ok(text) => {
            let found: Identity = serde_json::from_slice(&text).map_err(|_| Refusal::Unreadable)?;
            if found.storage == id { Ok(()) } else { Err(Refusal::Wrong { found: found.storage }) }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => mark(root, id, now_us),
        Err(error) => Err(error.into()),
    }
}

/// Makes a root storage `id`, whatever it was: a person says that what lies there belongs here. Refused
/// while a program uses it.
pub fn adopt(root: &Path, id: &str, now_us: i64) -> Result<(), Refusal> {
    let _lock = lock(root)?;
    write(root, id, now_us)
}

fn lock(root: &Path) -> Result<StorageLock, Refusal> {
    std::fs::create_dir_all(root)?;
    let flags = OFlags::CREATE | OFlags::RDWR | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let lock = rustix::fs::open(root.join(LOCK_FILE), flags, Mode::from_raw_mode(0o640))?;
    match rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(StorageLock { _lock: lock }),
        Err(Errno::WOULDBLOCK) => Err(Refusal::InUse),
        Err(error) => Err(error.into()),
    }
}

fn mark(root: &Path, id: &str, now_us: i64) -> Result<(), Refusal> {
    for entry in std::fs::read_dir(root)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.file_name() != "lost+found" {
            return Err(Refusal::Unmarked);
        }
    }
    write(root, id, now_us)
}

fn write(root: &Path, id: &str, now_us: i64) -> Result<(), Refusal> {
    let identity = Identity { storage: id.to_owned(), made_us: now_us };
    let text = serde_json::to_vec(&identity).map_err(io::Error::other)?;
    let draft = root.join("mingjing-storage.new");
    std::fs::write(&draft, text)?;
    std::fs::File::open(&draft)?.sync_all()?;
    std::fs::rename(&draft, root.join(IDENTITY_FILE))?;
    std::fs::File::open(root)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storage_is_claimed_once_and_only_by_its_name() {
        let root = tempfile::tempdir().unwrap();
        let held = claim(root.path(), "disk-1", 5).unwrap();
        assert!(matches!(claim(root.path(), "disk-1", 5), Err(Refusal::InUse)));
        drop(held);
        assert!(
            matches!(claim(root.path(), "disk-2", 5), Err(Refusal::Wrong { found }) if found == "disk-1")
        );
        std::fs::create_dir(root.path().join("ch_a.main")).unwrap();
        assert!(claim(root.path(), "disk-1", 5).is_ok());
        std::fs::remove_file(root.path().join(IDENTITY_FILE)).unwrap();
        assert!(matches!(claim(root.path(), "disk-1", 5), Err(Refusal::Unmarked)));
        adopt(root.path(), "disk-3", 5).unwrap();
        let held = claim(root.path(), "disk-3", 5).unwrap();
        assert!(matches!(adopt(root.path(), "disk-4", 5), Err(Refusal::InUse)));
        assert!(own(root.path(), "disk-3", 5).is_ok());
        assert!(matches!(own(root.path(), "disk-4", 5), Err(Refusal::Wrong { .. })));
        drop(held);
        std::fs::write(root.path().join(IDENTITY_FILE), "{").unwrap();
        assert!(matches!(claim(root.path(), "disk-1", 5), Err(Refusal::Unreadable)));
    }
}
