//! What an init segment says of codecs and picture size.

use crate::mux::atoms::{child, children, descend, u16_at};

/// RFC 6381 codec strings (video first), width, height; empty and zero where unreadable.
pub fn describe(init: &[u8]) -> (String, u32, u32) {
    let (mut video, mut sound, mut size) = (None, None, (0, 0));
    let moov = child(init, b"moov").unwrap_or_default();
    for trak in children(moov).filter(|atom| atom.kind == *b"trak") {
        let entry = descend(trak.body, &[b"mdia", b"minf", b"stbl", b"stsd"])
            .and_then(|stsd| stsd.get(8..))
            .and_then(|entries| children(entries).next());
        let Some(entry) = entry else { continue };
        match &entry.kind {
            b"avc1" | b"avc3" | b"hvc1" | b"hev1" => {
                size = (
                    u32::from(u16_at(entry.body, 24).unwrap_or(0)),
                    u32::from(u16_at(entry.body, 26).unwrap_or(0)),
                );
                video = entry.body.get(78..).and_then(|boxes| video_name(&entry.kind, boxes));
            }
            b"mp4a" => sound = Some("mp4a.40.2".to_owned()),
            b"alaw" | b"ulaw" => sound = Some(String::from_utf8_lossy(&entry.kind).into_owned()),
            _ => {}
        }
    }
    (video.into_iter().chain(sound).collect::<Vec<_>>().join(","), size.0, size.1)
}

/// ISO/IEC 14496-15 Annex E.
fn video_name(kind: &[u8; 4], boxes: &[u8]) -> Option<String> {
    if let Some(avcc) = child(boxes, b"avcC") {
        let [profile, constraints, level] = avcc.get(1..4)?.try_into().ok()?;
        return Some(format!("avc1.{profile:02x}{constraints:02x}{level:02x}"));
    }
    let hvcc = child(boxes, b"hvcC")?;
    let head: [u8; 13] = hvcc.get(..13)?.try_into().ok()?;
    let space = ["", "A", "B", "C"][usize::from(head[1] >> 6)];
    let compatibility = u32::from_be_bytes([head[2], head[3], head[4], head[5]]).reverse_bits();
    let tier = if head[1] & 0x20 != 0 { 'H' } else { 'L' };
    let mut name = format!(
        "{}.{space}{}.{compatibility:X}.{tier}{}",
        String::from_utf8_lossy(kind),
        head[1] & 31,
        head[12]
    );
    let constraints = &head[6..12];
    let used = constraints.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
    constraints[..used].iter().for_each(|byte| name.push_str(&format!(".{byte:X}")));
    Some(name)
}
