//! Tickets as strangers show them: never believed, never a panic. A genuine one with any byte changed
//! is refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mingjing_media::ticket::{Claims, TicketKey};

const NOW_US: i64 = 1_700_000_000_000_000;

fuzz_target!(|data: &[u8]| {
    let Some(key) = TicketKey::new(vec![7; 32]) else { return };
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(key.verify(text, NOW_US).is_err(), "a forged ticket was believed");
    }
    let [at, change, rest @ ..] = data else { return };
    let claims = Claims {
        id: String::from_utf8_lossy(rest).into_owned(),
        stream: "ch_a.main".into(),
        kind: "live".into(),
        holder: String::new(),
        start_by_us: NOW_US + 1,
        minted_us: None,
        end_by_us: None,
        from_us: None,
        until_us: None,
    };
    let ticket = key.mint(&claims);
    if ticket.len() > mingjing_media::ticket::TICKET_MAX_BYTES {
        return assert!(key.verify(&ticket, NOW_US).is_err());
    }
    assert_eq!(key.verify(&ticket, NOW_US), Ok(claims));
    let mut bytes = ticket.into_bytes();
    let at = usize::from(*at) % bytes.len();
    bytes[at] ^= *change;
    if let (Ok(changed), true) = (String::from_utf8(bytes), *change != 0) {
        assert!(key.verify(&changed, NOW_US).is_err(), "a changed ticket was believed");
    }
});
