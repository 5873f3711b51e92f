//! Tickets: every byte that leaves the plane leaves against one.
//!
//! A ticket is `base64url(claims JSON) "." base64url(HMAC-SHA256(key, first part))`, minted by the
//! control plane with the key it gave to [`crate::plane`] at start. It starts one delivery, once.
//! Here: what a ticket says, whether it is genuine, and the memory of what was used or revoked. The
//! deliveries that run against tickets live in [`crate::serve::delivery`].

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::HashMap;

/// A ticket longer than this is refused before it is looked at.
pub const TICKET_MAX_BYTES: usize = 4096;
/// A ticket that could still start after this long is refused: it bounds the memory of used ones.
pub const LIFE_MAX_US: i64 = 5 * 60 * 1_000_000;
/// The life that the control plane gives (doors §2); decides for tickets that do not say when they were minted.
pub const LIFE_USUAL_US: i64 = 60 * 1_000_000;
/// Used and revoked ids remembered at once. Beyond it tickets are refused, never forgotten early.
pub const REMEMBERED_MAX: usize = 200_000;

/// What a ticket allows. All fields are the control plane's words; the plane only compares them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Unguessable, unique; used once.
    pub id: String,
    pub stream: String,
    /// `live`, `hls`, `rtsp`, `playback`, `keyframes`.
    pub kind: String,
    /// Opaque to the plane: whom revocation by holder reaches (a session id).
    pub holder: String,
    /// Last moment at which it may start a delivery, microseconds since the Unix epoch.
    pub start_by_us: i64,
    /// When it was minted: revoking a holder refuses the holder's tickets up to this moment. Absent
    /// means: `start_by_us` less one minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minted_us: Option<i64>,
    /// The delivery ends at this moment at the latest; absent means until revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_by_us: Option<i64>,
    /// Playback: the range of recorded time that may be read, half-open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_us: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_us: Option<i64>,
}

impl Claims {
    fn minted_us(&self) -> i64 {
        self.minted_us.unwrap_or(self.start_by_us - LIFE_USUAL_US)
    }

    /// Whether recorded time `[from_us, until_us)` lies in the claimed range; an open end is no limit.
    pub fn covers(&self, from_us: i64, until_us: i64) -> bool {
        self.from_us.is_none_or(|from| from_us >= from) && self.until_us.is_none_or(|until| until_us <= until)
    }
}

/// Why a ticket does not start a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Missing,
    Malformed,
    BadSignature,
    Expired,
    Used,
    Revoked,
    WrongKind,
    WrongStream,
    /// The plane's or the stream's limit of viewers is reached.
    TooManyViewers,
    /// The plane is shutting down.
    Closing,
}

/// The key that control plane and media plane share.
#[derive(Clone)]
pub struct TicketKey(Vec<u8>);

impl TicketKey {
    /// At least 16 bytes, so that a guessed key stays a dream.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() >= 16).then_some(Self(bytes))
    }

    fn mac(&self) -> Hmac<Sha256> {
        Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length")
    }

    /// Mints a ticket: for tests, benches and embedding without the control plane.
    pub fn mint(&self, claims: &Claims) -> String {
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims).expect("claims are plain data"));
        let mut mac = self.mac();
        mac.update(body.as_bytes());
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    /// Checks signature (in constant time), then expiry. Says nothing of use, kind or stream.
    pub fn verify(&self, ticket: &str, now_us: i64) -> Result<Claims, Refusal> {
        if ticket.is_empty() {
            return Err(Refusal::Missing);
        }
        if ticket.len() > TICKET_MAX_BYTES {
            return Err(Refusal::Malformed);
        }
        let (body, signature) = ticket.split_once('.').ok_or(Refusal::Malformed)?;
        let signature = decode(signature).ok_or(Refusal::Malformed)?;
        let mut mac = self.mac();
        mac.update(body.as_bytes());
        mac.verify_slice(&signature).map_err(|_| Refusal::BadSignature)?;
        let json = decode(body).ok_or(Refusal::Malformed)?;
        let claims: Claims = serde_json::from_slice(&json).map_err(|_| Refusal::Malformed)?;
        if claims.start_by_us < now_us || claims.end_by_us.is_some_and(|end| end <= now_us) {
            return Err(Refusal::Expired);
        }
        if claims.start_by_us - now_us > LIFE_MAX_US {
            return Err(Refusal::Malformed);
        }
        Ok(claims)
    }
}

/// Base64url, with or without padding: Python's encoder pads, RFC 7515 does not.
fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// Remembers which tickets were used or revoked until none of them could start any more.
#[derive(Default)]
pub struct Memory {
    /// Ticket id → the moment at which it can be forgotten.
    used: HashMap<String, (Seen, i64)>,
    /// Holder → revoked at; forgotten after [`LIFE_MAX_US`].
    holders: HashMap<String, i64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Used,
    Revoked,
}

impl Memory {
    /// Marks a verified ticket as used. Refuses one that was used or revoked before.
    pub fn take(&mut self, claims: &Claims, now_us: i64) -> Result<(), Refusal> {
        match self.used.get(&claims.id) {
            Some((Seen::Used, _)) => return Err(Refusal::Used),
            Some((Seen::Revoked, _)) => return Err(Refusal::Revoked),
            None => {}
        }
        if self.holders.get(&claims.holder).is_some_and(|at| claims.minted_us() <= *at) {
            return Err(Refusal::Revoked);
        }
        if !self.room(now_us) {
            return Err(Refusal::TooManyViewers);
        }
        self.used.insert(claims.id.clone(), (Seen::Used, claims.start_by_us));
        Ok(())
    }

    /// A ticket that has not started yet never will.
    pub fn revoke_ticket(&mut self, id: &str, now_us: i64) {
        if self.room(now_us) {
            self.used.insert(id.to_owned(), (Seen::Revoked, now_us + LIFE_MAX_US));
        }
    }

    /// Tickets that the holder was given before now and has not started yet never will.
    pub fn revoke_holder(&mut self, holder: &str, now_us: i64) {
        if self.room(now_us) {
            self.holders.insert(holder.to_owned(), now_us);
        }
    }

    fn room(&mut self, now_us: i64) -> bool {
        if self.used.len() + self.holders.len() < REMEMBERED_MAX {
            return true;
        }
        self.forget(now_us);
        self.used.len() + self.holders.len() < REMEMBERED_MAX
    }

    /// Drops what can no longer matter. Called now and then, and when the memory is full.
    pub fn forget(&mut self, now_us: i64) {
        self.used.retain(|_, (_, until)| *until >= now_us);
        self.holders.retain(|_, at| *at + LIFE_MAX_US >= now_us);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000_000;

    fn key() -> TicketKey {
        TicketKey::new(b"0123456789abcdef0123456789abcdef".to_vec()).unwrap()
    }

    fn claims(id: &str) -> Claims {
        Claims {
            id: id.into(),
            stream: "ch_a.main".into(),
            kind: "live".into(),
            holder: "session-1".into(),
            start_by_us: NOW + LIFE_USUAL_US,
            minted_us: None,
            end_by_us: None,
            from_us: None,
            until_us: None,
        }
    }

    #[test]
    fn a_minted_ticket_is_believed_and_a_changed_one_is_not() {
        let ticket = key().mint(&claims("t1"));
        assert_eq!(key().verify(&ticket, NOW), Ok(claims("t1")));
        for at in 0..ticket.len() {
            let mut bytes = ticket.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            // The last character of base64 carries spare bits, which the strict decoder refuses.
            assert!(key().verify(&changed, NOW).is_err(), "character {at} changed and nobody noticed");
        }
    }

    #[test]
    fn another_key_is_refused_and_a_short_key_is_no_key() {
        let other = TicketKey::new(vec![7; 32]).unwrap();
        assert_eq!(other.verify(&key().mint(&claims("t1")), NOW), Err(Refusal::BadSignature));
        assert!(TicketKey::new(vec![7; 15]).is_none());
    }

    #[test]
    fn padding_as_python_writes_it_is_accepted() {
        let ticket = key().mint(&claims("t1"));
        let (body, signature) = ticket.split_once('.').unwrap();
        assert_eq!(key().verify(&format!("{body}.{signature}="), NOW), Ok(claims("t1")));
    }

    #[test]
    fn time_ends_a_ticket_and_a_ticket_for_eternity_is_refused() {
        let ticket = key().mint(&claims("t1"));
        assert!(key().verify(&ticket, NOW + LIFE_USUAL_US).is_ok());
        assert_eq!(key().verify(&ticket, NOW + LIFE_USUAL_US + 1), Err(Refusal::Expired));
        let eternal = Claims { start_by_us: NOW + LIFE_MAX_US + 1, ..claims("t2") };
        assert_eq!(key().verify(&key().mint(&eternal), NOW), Err(Refusal::Malformed));
    }

    #[test]
    fn a_ticket_is_used_once() {
        let mut memory = Memory::default();
        assert_eq!(memory.take(&claims("t1"), NOW), Ok(()));
        assert_eq!(memory.take(&claims("t1"), NOW), Err(Refusal::Used));
        memory.forget(NOW + LIFE_USUAL_US);
        assert_eq!(
            memory.take(&claims("t1"), NOW),
            Err(Refusal::Used),
            "forgotten while it could still start"
        );
    }

    #[test]
    fn revoking_a_holder_reaches_earlier_tickets_and_not_later_ones() {
        let mut memory = Memory::default();
        memory.revoke_holder("session-1", NOW + 1);
        assert_eq!(memory.take(&claims("old"), NOW + 2), Err(Refusal::Revoked));
        let later = Claims { minted_us: Some(NOW + 2), ..claims("new") };
        assert_eq!(memory.take(&later, NOW + 2), Ok(()));
        memory.revoke_ticket("t3", NOW);
        assert_eq!(memory.take(&Claims { holder: "x".into(), ..claims("t3") }, NOW), Err(Refusal::Revoked));
    }

    #[test]
    fn the_range_is_half_open_and_absent_ends_are_open() {
        let range = Claims { from_us: Some(10), until_us: Some(20), ..claims("t") };
        assert!(range.covers(10, 20) && !range.covers(9, 20) && !range.covers(10, 21));
        assert!(claims("t").covers(i64::MIN, i64::MAX));
    }
}
