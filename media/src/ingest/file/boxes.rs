//! Walking the boxes of an ISO base media file (ISO/IEC 14496-12 §4.2) in memory.

/// One box: its type and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct BoxView<'a> {
    pub kind: [u8; 4],
    pub body: &'a [u8],
}

/// Size of a box's header and of the whole box; `None` if `head` is too short or the size cannot be.
/// `rest` is what remains of the surrounding box or file, for a size of 0 ("to the end").
pub fn extent(head: &[u8], rest: u64) -> Option<([u8; 4], u64, u64)> {
    let kind = head.get(4..8)?.try_into().ok()?;
    let size = u64::from(u32::from_be_bytes(head.get(..4)?.try_into().ok()?));
    let (header, whole) = match size {
        0 => (8, rest),
        1 => (16, u64::from_be_bytes(head.get(8..16)?.try_into().ok()?)),
        size => (8, size),
    };
    (whole >= header && whole <= rest).then_some((kind, header, whole))
}

/// The boxes that follow each other in `bytes`; stops at the first that lies about its size.
pub fn children(bytes: &[u8]) -> impl Iterator<Item = BoxView<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (kind, header, whole) = extent(rest, rest.len() as u64)?;
        let (this, after) = rest.split_at(whole as usize);
        rest = after;
        Some(BoxView { kind, body: &this[header as usize..] })
    })
}

/// The first child of that type.
pub fn child<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    children(bytes).find(|child| child.kind == *kind).map(|child| child.body)
}

/// The box at the end of a path of types.
pub fn descend<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |inside, kind| child(inside, kind))
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
