//! Reading the boxes of an ISO base media file (ISO/IEC 14496-12 §4.2), whatever the bytes are: every length
//! is checked before it is used, and nothing is allocated by a number that a file claims. Writing is [`super::boxes`]'s.

/// One box: its type and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct Atom<'a> {
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
pub fn children(bytes: &[u8]) -> impl Iterator<Item = Atom<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (kind, header, whole) = extent(rest, rest.len() as u64)?;
        let (this, after) = rest.split_at(whole as usize);
        rest = after;
        Some(Atom { kind, body: &this[header as usize..] })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_of_zero_reaches_to_the_end_and_a_size_of_one_is_told_behind_the_type() {
        assert_eq!(extent(b"\0\0\0\0mdat", 40), Some((*b"mdat", 8, 40)));
        assert_eq!(extent(b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x18", 40), Some((*b"mdat", 16, 24)));
    }

    #[test]
    fn a_size_that_cannot_be_is_no_box() {
        assert_eq!(extent(b"\0\0\0\x07free", 40), None, "shorter than its own header");
        assert_eq!(extent(b"\0\0\0\x29free", 40), None, "longer than what remains");
        assert_eq!(extent(b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x0f", 40), None, "a long header of 15 bytes");
        assert_eq!(extent(b"\0\0\0\x01mdat\0", 40), None, "a long size that is cut");
        assert_eq!(extent(b"\0\0\0\x08fre", 40), None, "a type that is cut");
    }

    #[test]
    fn boxes_before_one_that_lies_are_read() {
        let bytes = b"\0\0\0\x0afreeab\0\0\0\x09skipc\xff\xff\xff\xffmdatd";
        let read: Vec<_> = children(bytes).map(|atom| (atom.kind, atom.body)).collect();
        assert_eq!(read, [(*b"free", &b"ab"[..]), (*b"skip", &b"c"[..])]);
        assert_eq!(child(bytes, b"mdat"), None);
    }

    #[test]
    fn a_path_goes_through_the_first_box_of_each_type() {
        let bytes = b"\0\0\0\x12moov\0\0\0\x0atrakab";
        assert_eq!(descend(bytes, &[b"moov", b"trak"]), Some(&b"ab"[..]));
        assert_eq!(descend(bytes, &[b"moov", b"mvex"]), None);
    }

    #[test]
    fn numbers_beyond_the_end_are_none() {
        assert_eq!((u16_at(b"\x01\x02", 0), u16_at(b"\x01\x02", 1)), (Some(0x0102), None));
        assert_eq!((u32_at(&[0; 4], usize::MAX), u64_at(&[0; 7], 0)), (None, None));
    }
}
