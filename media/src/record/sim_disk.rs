//! A disk in memory for simulations: it forgets what was not synced, in every way that a real one may,
//! and fails or stops the program at the nth operation. Nothing of the product writes to it.
//!
//! Model. A write is pending until its file is synced; a name (new, changed or gone) until its directory
//! is; a directory until the one above is. A power cut keeps any subset of the pending pieces of
//! [`PIECE`] bytes, any length between the durable and the present one (what was not kept reads as
//! zeros), and for each file any of the names it had since its directory was last synced. A sync that
//! fails drops what it should have kept, while reads go on showing it: that is what kernels do.

use super::disk::{Disk, DiskFile, Entry, EntryKind, check_path};
use std::collections::BTreeMap;
use std::io::{self, IoSlice};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a disk writes at once.
pub const PIECE: usize = 512;

/// What happens at a chosen operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The operation fails with this error number and does nothing.
    Errno(i32),
    /// A write takes half of what it is given. Other operations are not touched.
    Short,
    /// The program ends before the operation.
    DieBefore,
    /// The program ends in the operation: a write is half done, anything else is done and nobody knows.
    DieInside,
}

/// Kinds of operation, for choosing and for reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Create,
    Open,
    CreateFolder,
    List,
    Rename,
    Unlink,
    SyncFolder,
    Write,
    Read,
    Truncate,
    SyncFile,
    Forget,
}

/// A fault at the operations `first..=last`, counted from 1.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub first: u64,
    pub last: u64,
    pub fault: Fault,
}

/// How a power cut decides what it keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Nothing pending is kept.
    Forget,
    /// Everything pending is kept.
    Keep,
    /// Names and lengths are kept, bytes are not.
    ZeroTail,
    /// Bytes are kept, names are not.
    OldNames,
    /// Each piece, length and name by lot.
    Seeded(u64),
}

#[derive(Clone, Debug)]
enum Pending {
    Write { at: usize, bytes: Vec<u8> },
    Truncate(usize),
}

#[derive(Clone, Debug, Default)]
struct Node {
    current: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Pending>,
    /// Names since the directory was last synced: the first is durable, the last is in force.
    names: Vec<Option<String>>,
}

#[derive(Clone, Debug, Default)]
struct State {
    nodes: Vec<Node>,
    /// Directories and whether the one above was synced since.
    folders: BTreeMap<String, bool>,
    operations: u64,
    plan: Option<Plan>,
    dead: bool,
    lies: bool,
    fired: Vec<(u64, Act)>,
    unlinked: u64,
}

/// See the module. Clones share one disk.
#[derive(Clone, Default)]
pub struct SimDisk {
    state: Arc<Mutex<State>>,
}

/// What an operation has to do with itself.
enum Verdict {
    Go,
    Half,
    GoAndDie,
}

impl State {
    fn begin(&mut self, act: Act) -> io::Result<Verdict> {
        if self.dead {
            return Err(io::Error::other("the simulated program has ended"));
        }
        self.operations += 1;
        let now = self.operations;
        let Some(plan) = self.plan.filter(|plan| (plan.first..=plan.last).contains(&now)) else {
            return Ok(Verdict::Go);
        };
        if plan.fault == Fault::Short && act != Act::Write {
            return Ok(Verdict::Go);
        }
        self.fired.push((now, act));
        match plan.fault {
            Fault::Errno(number) => Err(io::Error::from_raw_os_error(number)),
            Fault::Short => Ok(Verdict::Half),
            Fault::DieInside => {
                self.dead = true;
                Ok(Verdict::GoAndDie)
            }
            Fault::DieBefore => {
                self.dead = true;
                Err(io::Error::other("the simulated program has ended"))
            }
        }
    }

    /// An operation that a death inside leaves done.
    fn whole(&mut self, act: Act) -> io::Result<()> {
        self.begin(act).map(|_| ())
    }

    fn find(&self, path: &str) -> io::Result<usize> {
        let named = |node: &Node| node.names.last().is_some_and(|name| name.as_deref() == Some(path));
        self.nodes.iter().position(named).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn folder_exists(&self, path: &str) -> io::Result<()> {
        match path.is_empty() || self.folders.contains_key(path) {
            true => Ok(()),
            false => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn sync_names(&mut self, folder: &str) {
        for node in &mut self.nodes {
            if node.names.iter().flatten().any(|name| parent(name) == folder) {
                node.names.drain(..node.names.len() - 1);
            }
        }
        for (path, durable) in &mut self.folders {
            *durable |= parent(path) == folder;
        }
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl Node {
    fn write(&mut self, at: usize, bytes: &[u8]) {
        put(&mut self.current, at, bytes);
        self.pending.push(Pending::Write { at, bytes: bytes.to_vec() });
    }

    fn sync(&mut self) {
        for pending in self.pending.drain(..) {
            match pending {
                Pending::Write { at, bytes } => put(&mut self.durable, at, &bytes),
                Pending::Truncate(bytes) => self.durable.resize(bytes, 0),
            }
        }
    }

    /// What of the file a power cut leaves.
    fn after(&self, cut: Cut, lot: &mut Lot) -> Vec<u8> {
        let mut image = self.durable.clone();
        for pending in &self.pending {
            match pending {
                Pending::Truncate(bytes) if lot.keeps_bytes(cut) => image.resize(*bytes, 0),
                Pending::Truncate(_) => {}
                Pending::Write { at, bytes } => {
                    for (from, piece) in pieces(*at, bytes) {
                        if lot.keeps_bytes(cut) {
                            put(&mut image, from, piece);
                        }
                    }
                }
            }
        }
        match cut {
            Cut::ZeroTail => image.resize(self.current.len(), 0),
            Cut::Seeded(_) => match lot.next() % 4 {
                0 => image.resize(self.current.len().max(image.len()), 0),
                1 => image.truncate(self.durable.len() + lot.below(self.current.len())),
                _ => {}
            },
            Cut::Forget | Cut::Keep | Cut::OldNames => {}
        }
        image
    }

    fn name_after(&self, cut: Cut, lot: &mut Lot) -> Option<String> {
        let chosen = match cut {
            Cut::Forget | Cut::OldNames => 0,
            Cut::Keep | Cut::ZeroTail => self.names.len() - 1,
            Cut::Seeded(_) => lot.below(self.names.len()),
        };
        self.names[chosen].clone()
    }
}

/// Parts of a write by the boundaries of the disk's pieces.
fn pieces(at: usize, bytes: &[u8]) -> Vec<(usize, &[u8])> {
    let mut parts = Vec::new();
    let mut from = 0;
    while from < bytes.len() {
        let until = bytes.len().min((at + from) / PIECE * PIECE + PIECE - at);
        parts.push((at + from, &bytes[from..until]));
        from = until;
    }
    parts
}

fn put(image: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if image.len() < at + bytes.len() {
        image.resize(at + bytes.len(), 0);
    }
    image[at..at + bytes.len()].copy_from_slice(bytes);
}

/// Repeatable choices (SplitMix64).
#[derive(Clone, Debug)]
pub(crate) struct Lot(pub u64);

impl Lot {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Less than `end`, which is at least 1.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn keeps_bytes(&mut self, cut: Cut) -> bool {
        match cut {
            Cut::Keep | Cut::OldNames => true,
            Cut::Forget | Cut::ZeroTail => false,
            Cut::Seeded(_) => self.next() & 1 == 0,
        }
    }
}

impl SimDisk {
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the fault to come; counting begins anew.
    pub fn plan(&self, plan: Option<Plan>) {
        let mut state = self.lock();
        state.operations = 0;
        state.fired.clear();
        state.plan = plan;
    }

    /// Operations since the last plan.
    pub fn operations(&self) -> u64 {
        self.lock().operations
    }

    /// At which operations the fault was done.
    pub fn fired(&self) -> Vec<(u64, Act)> {
        self.lock().fired.clone()
    }

    /// The simulated program has ended.
    pub fn dead(&self) -> bool {
        self.lock().dead
    }

    /// Files unlinked since the beginning.
    pub fn unlinked(&self) -> u64 {
        self.lock().unlinked
    }

    /// The same disk for the next start of the program, the machine having stayed on.
    pub fn after_kill(&self) -> Self {
        let mut state = self.lock().clone();
        (state.plan, state.dead, state.operations) = (None, false, 0);
        state.fired.clear();
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// A disk as a power cut may leave this one.
    pub fn after_power_cut(&self, cut: Cut) -> Self {
        let state = self.lock();
        let mut lot = Lot(if let Cut::Seeded(seed) = cut { seed } else { 0 });
        let mut left = State { unlinked: state.unlinked, lies: state.lies, ..State::default() };
        for (path, durable) in &state.folders {
            let kept = *durable
                || match cut {
                    Cut::Forget | Cut::OldNames => false,
                    Cut::Keep | Cut::ZeroTail => true,
                    Cut::Seeded(_) => lot.next() & 1 == 0,
                };
            if kept && left.folder_exists(parent(path)).is_ok() {
                left.folders.insert(path.clone(), true);
            }
        }
        for node in &state.nodes {
            let name = node.name_after(cut, &mut lot);
            let image = node.after(cut, &mut lot);
            let Some(name) = name.filter(|name| left.folder_exists(parent(name)).is_ok()) else { continue };
            left.nodes.push(Node {
                current: image.clone(),
                durable: image,
                pending: Vec::new(),
                names: vec![Some(name)],
            });
        }
        Self { state: Arc::new(Mutex::new(left)) }
    }

    /// From now on a sync says that it was done, and was not.
    pub fn lie(&self) {
        self.lock().lies = true;
    }

    /// Every file's name and length, without an operation.
    pub fn lengths(&self, mut each: impl FnMut(&str, usize)) {
        let state = self.lock();
        let named = state.nodes.iter().filter_map(|node| Some((node.names.last()?.as_deref()?, node)));
        named.for_each(|(name, node)| each(name, node.current.len()));
    }

    /// Every file as the program sees it.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let state = self.lock();
        let named = |node: &Node| Some((node.names.last()?.clone()?, node.current.clone()));
        state.nodes.iter().filter_map(named).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn opened(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        check_path(path)?;
        let mut state = self.lock();
        state.whole(Act::Open)?;
        let node = state.find(path)?;
        Ok(Box::new(SimFile { disk: self.clone(), node }))
    }
}

impl Disk for SimDisk {
    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        check_path(path)?;
        let mut state = self.lock();
        state.whole(Act::Create)?;
        state.folder_exists(parent(path))?;
        if state.find(path).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.nodes.push(Node { names: vec![None, Some(path.to_owned())], ..Node::default() });
        Ok(Box::new(SimFile { disk: self.clone(), node: state.nodes.len() - 1 }))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.opened(path)
    }

    fn open_to_read(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        self.opened(path)
    }

    fn create_folder(&self, path: &str) -> io::Result<()> {
        check_path(path)?;
        let mut state = self.lock();
        state.whole(Act::CreateFolder)?;
        state.folder_exists(parent(path))?;
        state.folders.entry(path.to_owned()).or_insert(false);
        Ok(())
    }

    fn list(&self, path: &str) -> io::Result<Vec<Entry>> {
        let mut state = self.lock();
        state.whole(Act::List)?;
        state.folder_exists(path)?;
        let own = |name: &str| name.rsplit_once('/').map_or(name, |(_, own)| own).to_owned();
        let folders = state.folders.keys().filter(|name| parent(name) == path && !name.is_empty());
        let folders = folders.map(|name| Entry { name: own(name), kind: EntryKind::Folder });
        let files = state.nodes.iter().filter_map(|node| node.names.last()?.as_ref());
        let files = files.filter(|name| parent(name) == path);
        Ok(folders.chain(files.map(|name| Entry { name: own(name), kind: EntryKind::File })).collect())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        check_path(from).and(check_path(to))?;
        let mut state = self.lock();
        state.whole(Act::Rename)?;
        state.folder_exists(parent(to))?;
        if state.find(to).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let node = state.find(from)?;
        state.nodes[node].names.push(Some(to.to_owned()));
        Ok(())
    }

    fn unlink(&self, path: &str) -> io::Result<()> {
        check_path(path)?;
        let mut state = self.lock();
        state.whole(Act::Unlink)?;
        let node = state.find(path)?;
        state.nodes[node].names.push(None);
        state.unlinked += 1;
        Ok(())
    }

    fn sync_folder(&self, path: &str) -> io::Result<()> {
        let mut state = self.lock();
        state.whole(Act::SyncFolder)?;
        state.folder_exists(path)?;
        state.sync_names(path);
        Ok(())
    }
}

struct SimFile {
    disk: SimDisk,
    node: usize,
}

impl SimFile {
    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.lock();
        match state.whole(Act::SyncFile) {
            Ok(()) => {
                if !state.lies {
                    state.nodes[self.node].sync();
                }
                Ok(())
            }
            Err(error) => {
                if !state.dead && error.kind() != io::ErrorKind::Interrupted {
                    state.nodes[self.node].pending.clear();
                }
                Err(error)
            }
        }
    }
}

impl DiskFile for SimFile {
    fn write_at(&self, offset: u64, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut bytes = Vec::with_capacity(slices.iter().map(|slice| slice.len()).sum());
        slices.iter().for_each(|slice| bytes.extend_from_slice(slice));
        let mut state = self.disk.lock();
        let verdict = state.begin(Act::Write)?;
        if !matches!(verdict, Verdict::Go) {
            bytes.truncate(bytes.len().div_ceil(2));
        }
        state.nodes[self.node].write(offset as usize, &bytes);
        match verdict {
            Verdict::GoAndDie => Err(io::Error::other("the simulated program has ended")),
            Verdict::Go | Verdict::Half => Ok(bytes.len()),
        }
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = self.disk.lock();
        state.whole(Act::Read)?;
        let all = &state.nodes[self.node].current;
        let from = all.len().min(offset as usize);
        let read = buffer.len().min(all.len() - from);
        buffer[..read].copy_from_slice(&all[from..from + read]);
        Ok(read)
    }

    fn truncate(&self, bytes: u64) -> io::Result<()> {
        let mut state = self.disk.lock();
        state.whole(Act::Truncate)?;
        let node = &mut state.nodes[self.node];
        if node.current.len() as u64 != bytes {
            node.current.resize(bytes as usize, 0);
            node.pending.push(Pending::Truncate(bytes as usize));
        }
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.sync()
    }

    fn sync_all(&self) -> io::Result<()> {
        self.sync()
    }

    fn forget_cached(&self) -> io::Result<()> {
        let mut state = self.disk.lock();
        state.whole(Act::Forget)?;
        let node = &mut state.nodes[self.node];
        if node.pending.is_empty() {
            let bytes = node.current.len();
            node.current.clone_from(&node.durable);
            node.current.resize(bytes, 0);
        }
        Ok(())
    }

    fn bytes(&self) -> io::Result<u64> {
        Ok(self.disk.lock().nodes[self.node].current.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(disk: &SimDisk, sync: bool) -> Box<dyn DiskFile> {
        disk.create_folder("a").unwrap();
        let file = disk.create("a/1.part").unwrap();
        file.write_all_at(0, &mut [IoSlice::new(&[7; 1300])]).unwrap();
        if sync {
            file.sync_data().unwrap();
        }
        file
    }

    #[test]
    fn what_was_not_synced_may_be_lost_in_every_part() {
        let disk = SimDisk::new();
        let file = written(&disk, true);
        assert!(disk.after_power_cut(Cut::Forget).files().is_empty(), "nobody synced the directories");
        disk.sync_folder("a").unwrap();
        assert!(disk.after_power_cut(Cut::Forget).files().is_empty(), "nor the one above");
        disk.sync_folder("").unwrap();
        file.write_all_at(1300, &mut [IoSlice::new(&[9; 1300])]).unwrap();
        let length = |cut| disk.after_power_cut(cut).files()["a/1.part"].len();
        assert_eq!((length(Cut::Forget), length(Cut::Keep), length(Cut::ZeroTail)), (1300, 2600, 2600));
        assert_eq!(disk.after_power_cut(Cut::ZeroTail).files()["a/1.part"][1300..], [0; 1300]);
        let kinds: std::collections::BTreeSet<_> = (0..200)
            .map(|seed| disk.after_power_cut(Cut::Seeded(seed)).files()["a/1.part"].clone())
            .collect();
        assert!(kinds.len() > 16, "only {} kinds of ruin", kinds.len());
        assert!(kinds.iter().all(|image| image[..1300] == [7; 1300]), "synced bytes never go");
    }

    #[test]
    fn a_name_is_the_old_or_the_new_one_until_its_directory_is_synced() {
        let disk = SimDisk::new();
        let _file = written(&disk, true);
        disk.sync_folder("a").unwrap();
        disk.sync_folder("").unwrap();
        disk.rename("a/1.part", "a/1.mp4").unwrap();
        let names: std::collections::BTreeSet<_> = (0..50)
            .flat_map(|seed| disk.after_power_cut(Cut::Seeded(seed)).files().into_keys().collect::<Vec<_>>())
            .collect();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a/1.mp4", "a/1.part"]);
        disk.sync_folder("a").unwrap();
        assert!(disk.after_power_cut(Cut::Forget).files().contains_key("a/1.mp4"));
    }

    #[test]
    fn a_failed_sync_drops_what_it_still_shows() {
        let disk = SimDisk::new();
        let file = written(&disk, false);
        disk.sync_folder("a").unwrap();
        disk.sync_folder("").unwrap();
        disk.plan(Some(Plan { first: 1, last: 1, fault: Fault::Errno(libc::EIO) }));
        assert!(file.sync_data().is_err());
        file.sync_data().unwrap();
        assert_eq!(disk.files()["a/1.part"].len(), 1300);
        assert_eq!(disk.after_power_cut(Cut::Keep).files()["a/1.part"].len(), 0, "the kernel lied");
        file.forget_cached().unwrap();
        assert_eq!(disk.files()["a/1.part"], [0; 1300], "and does so no more");
    }
}
