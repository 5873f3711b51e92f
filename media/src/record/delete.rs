//! The only place of the media plane that unlinks a recording: one segment, named by the control plane
//! after its own decision. Nothing here decides by age, space or clock.

use super::disk::{Disk, uninterrupted};
use super::place::SegmentName;
use std::io;

/// Unlinks a closed segment and syncs its directory. `false` if it was gone already.
/// `InvalidInput` for anything that is no segment id: paths are built from ids, never taken.
pub fn delete_segment(disk: &dyn Disk, id: &str) -> io::Result<bool> {
    let name = SegmentName::from_id(id)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, format!("not a segment id: {id:?}")))?;
    match uninterrupted(|| disk.unlink(&name.path())) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    }
    uninterrupted(|| disk.sync_folder(&name.folder()))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::disk::RealDisk;

    #[test]
    fn only_segments_are_deleted_and_no_link_is_followed() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let disk = RealDisk::open(root.path()).unwrap();
        let name = SegmentName::new("ch_a.main", 1_700_000_000_000_000, 0).unwrap();
        std::fs::create_dir_all(root.path().join(name.folder())).unwrap();
        std::fs::write(root.path().join(name.path()), "x").unwrap();
        for bad in ["../x/1-1", "ch_a.main/../1-1", "ch_a.main/1", "", "mingjing-storage.json"] {
            assert_eq!(delete_segment(&disk, bad).unwrap_err().kind(), io::ErrorKind::InvalidInput, "{bad}");
        }
        assert!(delete_segment(&disk, &name.id()).unwrap());
        assert!(!delete_segment(&disk, &name.id()).unwrap());

        let linked = SegmentName::new("ch_b.main", 1_700_000_000_000_000, 0).unwrap();
        let victim = outside.path().join("20231114");
        std::fs::create_dir_all(&victim).unwrap();
        std::fs::write(victim.join("1700000000000000-0.mp4"), "x").unwrap();
        std::os::unix::fs::symlink(outside.path(), root.path().join("ch_b.main")).unwrap();
        assert!(delete_segment(&disk, &linked.id()).is_err());
        assert!(victim.join("1700000000000000-0.mp4").exists());
    }
}
