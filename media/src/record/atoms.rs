//! Reading of ISO base media boxes that may be anything: every length is checked before it is used and
//! nothing is allocated by a number that a file claims.

/// One box: its type and what is inside.
#[derive(Clone, Copy, Debug)]
pub struct Atom<'a> {
    pub kind: [u8; 4],
    pub body: &'a [u8],
}

/// The boxes in a buffer, in order; ends at the first that does not fit.
pub fn atoms(bytes: &[u8]) -> impl Iterator<Item = Atom<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (kind, head, size) = header(rest)?;
        let size = if size == 0 { rest.len() as u64 } else { size };
        let body = rest.get(head..usize::try_from(size).ok()?)?;
        rest = &rest[head + body.len()..];
        Some(Atom { kind, body })
    })
}

/// Type, header length and whole size (0: to the end of the file) of the box at the front.
pub fn header(bytes: &[u8]) -> Option<([u8; 4], usize, u64)> {
    let kind: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
    match u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) {
        1 => {
            let size = u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?);
            (size >= 16).then_some((kind, 16, size))
        }
        0 => Some((kind, 8, 0)),
        size => (size >= 8).then_some((kind, 8, u64::from(size))),
    }
}

/// The first box of a type.
pub fn find<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    atoms(bytes).find(|atom| atom.kind == *kind).map(|atom| atom.body)
}

/// Down a path of types.
pub fn dig<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |bytes, kind| find(bytes, kind))
}

pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}
