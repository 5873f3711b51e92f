//! The disk under the recorder: a narrow trait, and the real file system behind it.
//!
//! Paths are relative to one storage root and made only of names that pass [`check_path`]; no symbolic
//! link below the root is ever followed. The disk that loses what was not synced is
//! [`super::sim_disk::SimDisk`].

use super::identity::{self, StorageLock};
use rustix::fs::{Advice, AtFlags, Dir, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, IoSlice};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// What a directory holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub name: String,
    pub kind: EntryKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    File,
    Folder,
    /// Symbolic links, sockets, devices: never touched.
    Other,
}

/// What [`Disk::reader_of`] gives.
pub type OpenToRead<'a> = Box<dyn Fn(&str) -> io::Result<Box<dyn DiskFile>> + 'a>;

/// One storage root.
pub trait Disk: Send + Sync {
    /// A new file (mode 0640). `AlreadyExists` if the name is taken.
    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>>;
    /// An existing file for reading and writing.
    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>>;
    /// An existing file for reading.
    fn open_to_read(&self, path: &str) -> io::Result<Box<dyn DiskFile>>;
    /// Opens files of one directory for reading by their names alone: a scan looks the directory up once.
    fn reader_of<'a>(&'a self, folder: &'a str) -> io::Result<OpenToRead<'a>> {
        Ok(Box::new(move |name| self.open_to_read(&format!("{folder}/{name}"))))
    }
    /// A new directory (mode 0750); no error if it is there.
    fn create_folder(&self, path: &str) -> io::Result<()>;
    /// Entries in no order; `""` is the root. `NotFound` if there is none.
    fn list(&self, path: &str) -> io::Result<Vec<Entry>>;
    /// Gives a file another name; `AlreadyExists` if the new name is taken.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    fn unlink(&self, path: &str) -> io::Result<()>;
    /// Makes the entries of a directory durable.
    fn sync_folder(&self, path: &str) -> io::Result<()>;
    /// Looks whether the disk is still where it was. `true`: it was mounted anew, and what follows goes to where it is
    /// now. An error: it is not there; until it is, nothing is written.
    fn look_again(&self) -> io::Result<bool> {
        Ok(false)
    }
}

/// One open file.
pub trait DiskFile: Send + Sync {
    /// Writes from `offset`; may write less than asked. At most 1024 slices are looked at.
    fn write_at(&self, offset: u64, slices: &[IoSlice<'_>]) -> io::Result<usize>;
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    fn truncate(&self, bytes: u64) -> io::Result<()>;
    /// `fdatasync`: data and the size needed to read it back.
    fn sync_data(&self) -> io::Result<()>;
    /// `fsync`.
    fn sync_all(&self) -> io::Result<()>;
    /// What is read next comes from the disk: of a file that is synced, kernels go on showing what an earlier sync
    /// that failed has lost.
    fn forget_cached(&self) -> io::Result<()>;
    fn bytes(&self) -> io::Result<u64>;
}

/// Longest list of slices that one `pwritev` takes on Linux.
pub const MAX_SLICES: usize = 1024;

impl dyn DiskFile + '_ {
    /// Writes all of the slices, over interruptions and short writes.
    pub fn write_all_at(&self, mut offset: u64, slices: &mut [IoSlice<'_>]) -> io::Result<()> {
        let mut rest = slices;
        IoSlice::advance_slices(&mut rest, 0);
        while !rest.is_empty() {
            let now = rest.len().min(MAX_SLICES);
            match self.write_at(offset, &rest[..now]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    offset += written as u64;
                    IoSlice::advance_slices(&mut rest, written);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Fills the buffer or fails with `UnexpectedEof`.
    pub fn read_exact_at(&self, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
        while !buffer.is_empty() {
            match self.read_at(offset, buffer) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    offset += read as u64;
                    buffer = &mut buffer[read..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Tries again while a signal interrupts.
pub fn uninterrupted<T>(mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match act() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// A relative path of one to four plain names: letters, digits, `_`, `-`, `.`, not starting with a dot.
pub fn check_path(path: &str) -> io::Result<()> {
    let names: Vec<&str> = path.split('/').collect();
    let plain = |name: &&str| {
        !name.is_empty()
            && name.len() <= 128
            && !name.starts_with('.')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
    };
    if names.len() <= 4 && names.iter().all(plain) {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("not a path of this storage: {path:?}")))
}

/// The file system below a root directory.
pub struct RealDisk {
    root: Mutex<Arc<OwnedFd>>,
    place: PathBuf,
    /// Nothing of ours stands at its place. An open file would still take writes, on a disk that nobody can see.
    away: Arc<AtomicBool>,
    /// Whose disk it is, and the lock on it where it was mounted anew.
    storage: Option<(String, Mutex<Option<StorageLock>>)>,
}

fn open_root(root: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(root, flags, Mode::empty())?)
}

impl RealDisk {
    /// The root itself may be reached through symbolic links; nothing below it is.
    pub fn open(root: &Path) -> io::Result<Self> {
        let opened = Mutex::new(Arc::new(open_root(root)?));
        Ok(Self { root: opened, place: root.to_owned(), away: Arc::default(), storage: None })
    }

    /// The root of a storage that the caller has claimed: found again where it is mounted anew.
    pub fn open_storage(root: &Path, id: &str) -> io::Result<Self> {
        Ok(Self { storage: Some((id.to_owned(), Mutex::default())), ..Self::open(root)? })
    }

    fn root(&self) -> Arc<OwnedFd> {
        self.root.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn folder(&self, path: &str) -> io::Result<OwnedFd> {
        there(&self.away)?;
        let flags = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut at = rustix::fs::openat(&*self.root(), ".", flags, Mode::empty())?;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            at = rustix::fs::openat(&at, name, flags, Mode::empty())?;
        }
        Ok(at)
    }

    fn parent<'a>(&self, path: &'a str) -> io::Result<(OwnedFd, &'a str)> {
        check_path(path)?;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        Ok((self.folder(folder)?, name))
    }

    fn open_with(&self, path: &str, flags: OFlags) -> io::Result<Box<dyn DiskFile>> {
        let (folder, name) = self.parent(path)?;
        self.open_in(&folder, name, flags)
    }

    fn open_in(&self, folder: &OwnedFd, name: &str, flags: OFlags) -> io::Result<Box<dyn DiskFile>> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = File::from(rustix::fs::openat(folder, name, flags, Mode::from_raw_mode(0o640))?);
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("not a plain file: {name}")));
        }
        Ok(Box::new(RealFile { file, away: self.away.clone() }))
    }

    /// Opens the root again where it stands now, if it is another one.
    fn find(&self, id: &str, lock: &Mutex<Option<StorageLock>>) -> io::Result<bool> {
        let (place, open) = (rustix::fs::stat(&self.place)?, rustix::fs::fstat(&*self.root())?);
        if (place.st_dev, place.st_ino) == (open.st_dev, open.st_ino) {
            return Ok(false);
        }
        let held =
            identity::claim_marked(&self.place, id).map_err(|why| io::Error::other(why.to_string()))?;
        let opened = Arc::new(open_root(&self.place)?);
        *self.root.lock().unwrap_or_else(PoisonError::into_inner) = opened;
        *lock.lock().unwrap_or_else(PoisonError::into_inner) = Some(held);
        Ok(true)
    }
}

fn there(away: &AtomicBool) -> io::Result<()> {
    if away.load(Ordering::Relaxed) { Err(Errno::NODEV.into()) } else { Ok(()) }
}

impl Disk for RealDisk {
    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.open_with(path, OFlags::CREATE | OFlags::EXCL | OFlags::RDWR)
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.open_with(path, OFlags::RDWR)
    }

    fn open_to_read(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.open_with(path, OFlags::RDONLY)
    }

    fn reader_of<'a>(&'a self, folder: &'a str) -> io::Result<OpenToRead<'a>> {
        check_path(folder)?;
        let opened = self.folder(folder)?;
        Ok(Box::new(move |name| {
            check_path(name)?;
            self.open_in(&opened, name, OFlags::RDONLY)
        }))
    }

    fn create_folder(&self, path: &str) -> io::Result<()> {
        let (folder, name) = self.parent(path)?;
        match rustix::fs::mkdirat(&folder, name, Mode::from_raw_mode(0o750)) {
            Ok(()) | Err(Errno::EXIST) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn list(&self, path: &str) -> io::Result<Vec<Entry>> {
        if !path.is_empty() {
            check_path(path)?;
        }
        let folder = self.folder(path)?;
        let mut entries = Vec::new();
        for entry in Dir::read_from(&folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().to_str() else { continue };
            if name == "." || name == ".." {
                continue;
            }
            let mut kind = entry.file_type();
            if kind == FileType::Unknown {
                let seen = rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
                kind = FileType::from_raw_mode(seen.st_mode);
            }
            let kind = match kind {
                FileType::RegularFile => EntryKind::File,
                FileType::Directory => EntryKind::Folder,
                _ => EntryKind::Other,
            };
            entries.push(Entry { name: name.to_owned(), kind });
        }
        Ok(entries)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let (from_folder, from_name) = self.parent(from)?;
        let (to_folder, to_name) = self.parent(to)?;
        match rustix::fs::renameat_with(&from_folder, from_name, &to_folder, to_name, RenameFlags::NOREPLACE)
        {
            Ok(()) => Ok(()),
            // Some network file systems know no flags.
            Err(Errno::INVAL) => {
                if rustix::fs::statat(&to_folder, to_name, AtFlags::SYMLINK_NOFOLLOW).is_ok() {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                Ok(rustix::fs::renameat(&from_folder, from_name, &to_folder, to_name)?)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn unlink(&self, path: &str) -> io::Result<()> {
        let (folder, name) = self.parent(path)?;
        Ok(rustix::fs::unlinkat(&folder, name, AtFlags::empty())?)
    }

    fn sync_folder(&self, path: &str) -> io::Result<()> {
        Ok(rustix::fs::fsync(self.folder(path)?)?)
    }

    /// An open directory stays on the disk that failed or was taken away, however often that is mounted again.
    fn look_again(&self) -> io::Result<bool> {
        let Some((id, lock)) = &self.storage else { return Ok(false) };
        let found = self.find(id, lock);
        self.away.store(found.is_err(), Ordering::Relaxed);
        found
    }
}

struct RealFile {
    file: File,
    away: Arc<AtomicBool>,
}

impl DiskFile for RealFile {
    fn write_at(&self, offset: u64, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        there(&self.away)?;
        Ok(rustix::io::pwritev(self.file.as_fd(), slices, offset)?)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(buffer, offset)
    }

    fn truncate(&self, bytes: u64) -> io::Result<()> {
        self.file.set_len(bytes)
    }

    fn sync_data(&self) -> io::Result<()> {
        there(&self.away)?;
        self.file.sync_data()
    }

    fn sync_all(&self) -> io::Result<()> {
        there(&self.away)?;
        self.file.sync_all()
    }

    fn forget_cached(&self) -> io::Result<()> {
        Ok(rustix::fs::fadvise(self.file.as_fd(), 0, None, Advice::DontNeed)?)
    }

    fn bytes(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_mounted_anew_is_found_and_a_foreign_or_empty_one_is_left_alone() {
        let above = tempfile::tempdir().unwrap();
        let root = above.path().join("recordings");
        let _held = identity::claim(&root, "disk-1", 5).unwrap();
        let disk = RealDisk::open_storage(&root, "disk-1").unwrap();
        assert!(!disk.look_again().unwrap());
        let file = disk.create("open").unwrap();
        assert_eq!(file.write_at(0, &[IoSlice::new(b"seen")]).unwrap(), 4);

        std::fs::rename(&root, above.path().join("gone")).unwrap();
        assert!(disk.look_again().is_err());
        assert!(file.write_at(4, &[IoSlice::new(b"unseen")]).is_err() && file.sync_all().is_err());
        std::fs::create_dir(&root).unwrap();
        assert!(disk.look_again().is_err());
        assert_eq!(
            std::fs::read_dir(&root).unwrap().count(),
            0,
            "a mount point without its disk stays empty"
        );
        identity::adopt(&root, "disk-2", 5).unwrap();
        assert!(disk.look_again().is_err());
        assert!(disk.create_folder("ch_a.main").is_err(), "what is written there nobody finds");
        assert!(!above.path().join("gone/ch_a.main").exists());

        identity::adopt(&root, "disk-1", 5).unwrap();
        assert!(disk.look_again().unwrap());
        assert!(!disk.look_again().unwrap());
        disk.create_folder("ch_b.main").unwrap();
        assert!(root.join("ch_b.main").exists());
        assert!(identity::claim(&root, "disk-1", 5).is_err(), "it is in use");
    }
}
