//! Writing of ISO base media boxes (ISO/IEC 14496-12 §4.2): sizes are filled in when a box ends.
//!
//! Knows nothing of tracks or codecs; those live in [`super::fmp4`] and [`super::entries`].

/// Appends boxes to one buffer. One allocation if the capacity was guessed well.
pub struct BoxWriter {
    out: Vec<u8>,
}

impl BoxWriter {
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes) }
    }

    pub fn into_vec(self) -> Vec<u8> {
        self.out
    }

    /// Bytes written so far.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// A plain box around what `body` writes.
    pub fn nest(&mut self, kind: &[u8; 4], body: impl FnOnce(&mut Self)) {
        let at = self.out.len();
        self.u32(0);
        self.bytes(kind);
        body(self);
        let size = (self.out.len() - at) as u32;
        self.out[at..at + 4].copy_from_slice(&size.to_be_bytes());
    }

    /// A full box: version and flags before the body (§4.2.2).
    pub fn full(&mut self, kind: &[u8; 4], version: u8, flags: u32, body: impl FnOnce(&mut Self)) {
        self.nest(kind, |w| {
            w.u32(u32::from(version) << 24 | flags);
            body(w);
        });
    }

    pub fn u8(&mut self, value: u8) {
        self.out.push(value);
    }

    pub fn u16(&mut self, value: u16) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub fn u32(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub fn i32(&mut self, value: i32) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub fn u64(&mut self, value: u64) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub fn i64(&mut self, value: i64) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    pub fn bytes(&mut self, value: &[u8]) {
        self.out.extend_from_slice(value);
    }

    pub fn zeros(&mut self, count: usize) {
        self.out.resize(self.out.len() + count, 0);
    }

    /// Overwrites four bytes written earlier, e.g. a data offset known only afterwards.
    pub fn patch_u32(&mut self, at: usize, value: u32) {
        self.out[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
}
