//! Access units from NAL units: where one ends, what is left out, what decoders must know, what is damaged.
//!
//! The bytes of the stream win over the description: the codec is told from parameter sets, boundaries
//! from slice headers where markers lie. No time lives here but the RTP timestamp that names a unit.

use super::{
    block::{PICTURES_BYTES, cut, make_room},
    depacketize::{self, HEAD_BYTES, Piece, begins_with_start_code},
    nal_role::{Role, other_codec},
    oddity::Oddities,
    params::{Change, ParameterSets, h264},
    rtp::Packet,
};
use crate::frame::VideoCodec;
use bytes::{Bytes, BytesMut};
use std::borrow::Cow;

/// Larger units are dropped.
pub const UNIT_MAX_BYTES: usize = 8 << 20;
/// This much of a NAL unit is searched for start codes that do not belong there.
const START_CODE_WINDOW: usize = 160;
/// So many pictures without a fragment that is marked as a beginning: this camera never marks them.
const STARTLESS_MOST: u8 = 3;
/// After so many units without a key frame, a picture of I slices alone must do for one.
const KEYLESS_UNITS_MAX: u32 = 100;

/// A finished unit.
#[derive(Debug, PartialEq, Eq)]
pub struct Unit {
    pub timestamp: u32,
    /// NAL units with 4-byte lengths.
    pub payload: Bytes,
    pub key: bool,
    /// Parameter sets changed since the unit before.
    pub new_sets: bool,
    /// Picture parameter set of the first slice, where it could be read.
    pub pps_id: Option<u8>,
    /// Arrival of its first and last packet, monotonic.
    pub first_us: i64,
    pub last_us: i64,
}

/// How the end of a unit is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Boundary {
    /// Watching whether markers can be believed; units end where the next begins.
    Learning {
        agreed: u8,
    },
    Marker,
    /// Markers are missing or stand on every packet.
    NextUnit,
}

/// See the module.
#[derive(Debug)]
pub struct Assembler {
    sets: ParameterSets,
    donl: bool,
    boundary: Boundary,
    start_codes_inside: bool,
    interlaced: bool,
    buffer: BytesMut,
    /// Start of the unit's piece that is being filled, its length field included.
    open_nal: Option<usize>,
    timestamp: u32,
    first_us: i64,
    last_us: i64,
    slices: u32,
    key: bool,
    recovery: bool,
    sets_in_unit: bool,
    all_intra: bool,
    new_sets: bool,
    pps_id: Option<u8>,
    damaged: bool,
    /// Not a picture but the rest of one, or more than one may be.
    scrap: bool,
    marked: bool,
    /// The unit before ended by its marker at this timestamp.
    ended_at: Option<u32>,
    units_without_key: u32,
    /// Pictures whose fragments nowhere began; `None` once one did.
    startless: Option<u8>,
    typical_bytes: usize,
}

impl Assembler {
    pub fn new(codec: VideoCodec, donl: bool) -> Self {
        Self {
            sets: ParameterSets::new(codec),
            donl,
            boundary: Boundary::Learning { agreed: 0 },
            start_codes_inside: false,
            interlaced: false,
            buffer: BytesMut::new(),
            open_nal: None,
            timestamp: 0,
            first_us: 0,
            last_us: 0,
            slices: 0,
            key: false,
            recovery: false,
            sets_in_unit: false,
            all_intra: true,
            new_sets: false,
            pps_id: None,
            damaged: false,
            scrap: false,
            marked: false,
            ended_at: None,
            units_without_key: 0,
            startless: Some(0),
            typical_bytes: 4096,
        }
    }

    /// Parameter sets from a description.
    pub fn offer_sets(&mut self, sets: &[Bytes], oddities: &mut Oddities) {
        for set in sets {
            match self.sets.offer(set) {
                Change::Broken => oddities.count("sprop_broken"),
                Change::New => self.new_sets = true,
                Change::Same => {}
            }
        }
        self.learn_interlace();
    }

    pub fn sets(&self) -> &ParameterSets {
        &self.sets
    }

    /// Takes one packet in order; `lost` of its predecessors are missing. Finished units go to `out`.
    pub fn push(
        &mut self,
        packet: &Packet<'_>,
        now_us: i64,
        lost: u16,
        oddities: &mut Oddities,
        out: &mut Vec<Unit>,
    ) {
        self.note_codec(packet.payload, oddities, out);
        if lost > 0 {
            self.note_loss(packet, oddities);
        }
        if self.has_content() && packet.timestamp != self.timestamp {
            if lost == 0 && self.goes_on(packet.payload) {
                oddities.count("timestamp_changes_within_unit");
            } else {
                self.timestamp_changed(lost, oddities, out);
            }
        }
        if !self.has_content() {
            // Flaws of a unit of which nothing is left do not stain the next.
            self.damaged &= packet.timestamp == self.timestamp;
            self.scrap &= self.damaged;
            self.timestamp = packet.timestamp;
            self.first_us = now_us;
        }
        self.last_us = now_us;
        let codec = self.sets.codec();
        let donl = self.donl;
        let payload = self.with_beginning(packet.payload, lost);
        let mut step = |piece: Piece<'_>| self.piece(piece, packet.timestamp, now_us, oddities, out);
        let sound = match codec {
            VideoCodec::H264 => depacketize::h264::split(&payload, &mut step),
            VideoCodec::H265 => depacketize::h265::split(&payload, donl, &mut step),
        };
        if !sound {
            oddities.count("payload_malformed");
            self.damaged |= self.slices > 0 || self.open_nal.is_some();
        }
        if packet.marker {
            self.marker(oddities, out);
        }
    }

    /// What is begun will not go on (end of a connection).
    pub fn finish(&mut self, oddities: &mut Oddities, out: &mut Vec<Unit>) {
        self.end_unit(oddities, out);
    }

    /// Whether the payload belongs to the picture that is being gathered whatever its timestamp says: some
    /// cameras stamp packets instead of pictures.
    fn goes_on(&self, payload: &[u8]) -> bool {
        let codec = self.sets.codec();
        if self.open_nal.is_some() {
            return depacketize::fragment_begins(codec, payload) == Some(false);
        }
        if self.marked && self.boundary == Boundary::Marker {
            return false;
        }
        let head = depacketize::head_of(codec, payload);
        matches!(self.role(&head), Role::Slice { first: false, .. })
    }

    /// Marks the first fragment of a unit where a camera never does.
    fn with_beginning<'a>(&mut self, payload: &'a [u8], lost: u16) -> Cow<'a, [u8]> {
        let codec = self.sets.codec();
        let begins = depacketize::fragment_begins(codec, payload);
        if begins == Some(true) {
            self.startless = None;
        }
        let unmarked = self.startless.is_some_and(|pictures| pictures >= STARTLESS_MOST);
        if !unmarked || begins != Some(false) || lost > 0 || self.open_nal.is_some() {
            return Cow::Borrowed(payload);
        }
        let mut marked = payload.to_vec();
        marked[if codec == VideoCodec::H264 { 1 } else { 2 }] |= 0x80;
        Cow::Owned(marked)
    }

    fn has_content(&self) -> bool {
        self.slices > 0 || self.open_nal.is_some()
    }

    fn note_loss(&mut self, packet: &Packet<'_>, oddities: &mut Oddities) {
        if self.has_content() {
            self.damaged = true;
        }
        self.close_nal_damaged(oddities);
        // What follows a loss at another timestamp may have lost its own beginning.
        let inside = depacketize::fragment_begins(self.sets.codec(), packet.payload) == Some(false);
        if inside && packet.timestamp != self.timestamp {
            oddities.count("unit_without_beginning");
        }
    }

    fn timestamp_changed(&mut self, lost: u16, oddities: &mut Oddities, out: &mut Vec<Unit>) {
        if lost == 0 && !self.marked {
            oddities.count("marker_missing");
            if let Boundary::Learning { .. } = self.boundary {
                self.boundary = Boundary::NextUnit;
            }
        } else if self.marked
            && let Boundary::Learning { agreed } = self.boundary
        {
            self.boundary =
                if agreed >= 1 { Boundary::Marker } else { Boundary::Learning { agreed: agreed + 1 } };
        }
        if lost == 0 {
            self.close_open(self.timestamp, self.last_us, oddities, out);
        }
        self.end_unit(oddities, out);
    }

    fn marker(&mut self, oddities: &mut Oddities, out: &mut Vec<Unit>) {
        if self.slices == 0 && self.open_nal.is_none() {
            self.scrap = false;
            if std::mem::take(&mut self.damaged) {
                oddities.count("unit_damaged");
                self.startless = self.startless.map(|pictures| pictures.saturating_add(1));
                self.buffer.clear();
            }
            return; // parameter sets alone end no unit
        }
        if self.open_nal.is_some() {
            if !self.damaged {
                oddities.count("marker_within_unit");
                self.boundary = Boundary::NextUnit;
            }
            return;
        }
        self.marked = true;
        if self.boundary == Boundary::Marker {
            self.ended_at = Some(self.timestamp);
            self.end_unit(oddities, out);
        }
    }

    fn piece(
        &mut self,
        piece: Piece<'_>,
        timestamp: u32,
        now_us: i64,
        oddities: &mut Oddities,
        out: &mut Vec<Unit>,
    ) {
        match piece {
            Piece::Whole(nal) => {
                self.close_open(timestamp, now_us, oddities, out);
                self.whole(nal, timestamp, now_us, oddities, out);
            }
            Piece::Start { header, header_bytes, data } => {
                self.close_open(timestamp, now_us, oddities, out);
                let head = [&header[..header_bytes], &data[..data.len().min(HEAD_BYTES)]].concat();
                let role = self.role(&head);
                self.begin_picture_if_due(role, timestamp, now_us, oddities, out);
                self.open(&header[..header_bytes]);
                self.append(data, oddities);
            }
            Piece::Middle(data) | Piece::End(data) if self.open_nal.is_none() => {
                if !data.is_empty() {
                    oddities.count("fragment_without_beginning");
                    self.damaged = true;
                    if self.slices == 0 {
                        self.timestamp = timestamp;
                    }
                }
            }
            Piece::Middle(data) => self.append(data, oddities),
            Piece::End(data) => {
                self.append(data, oddities);
                self.close(timestamp, now_us, oddities, out);
            }
        }
    }

    fn whole(
        &mut self,
        nal: &[u8],
        timestamp: u32,
        now_us: i64,
        oddities: &mut Oddities,
        out: &mut Vec<Unit>,
    ) {
        if self.has_start_code(nal) {
            oddities.count("start_code_inside");
            self.start_codes_inside = true;
            let copy = nal.to_vec();
            depacketize::split_annex_b(&copy, |nal| self.plain(nal, timestamp, now_us, oddities, out));
            return;
        }
        self.plain(nal, timestamp, now_us, oddities, out);
    }

    /// One NAL unit that is exactly that.
    fn plain(
        &mut self,
        nal: &[u8],
        timestamp: u32,
        now_us: i64,
        oddities: &mut Oddities,
        out: &mut Vec<Unit>,
    ) {
        let role = self.role(nal);
        self.begin_picture_if_due(role, timestamp, now_us, oddities, out);
        match role {
            Role::ParameterSet => self.take_set(nal, oddities),
            Role::Delimiter | Role::Ignored => {}
            _ => {
                self.open(&[]);
                self.append(nal, oddities);
                self.seal(role);
            }
        }
    }

    fn has_start_code(&self, nal: &[u8]) -> bool {
        let window = if self.start_codes_inside { nal } else { &nal[..nal.len().min(START_CODE_WINDOW)] };
        begins_with_start_code(nal) || memchr::memmem::find(window, &[0, 0, 1]).is_some()
    }

    fn open(&mut self, header: &[u8]) {
        if self.buffer.is_empty() {
            make_room(&mut self.buffer, self.typical_bytes, PICTURES_BYTES);
        }
        self.open_nal = Some(self.buffer.len());
        self.buffer.extend_from_slice(&[0; 4]);
        self.buffer.extend_from_slice(header);
    }

    fn append(&mut self, data: &[u8], oddities: &mut Oddities) {
        if self.buffer.len() + data.len() > UNIT_MAX_BYTES {
            if !self.damaged {
                oddities.count("unit_too_large");
            }
            (self.damaged, self.scrap) = (true, true);
            return;
        }
        self.buffer.extend_from_slice(data);
    }

    /// A fragmented unit is complete: judge it as if it had come whole.
    fn close(&mut self, timestamp: u32, now_us: i64, oddities: &mut Oddities, out: &mut Vec<Unit>) {
        let Some(start) = self.open_nal else { return };
        let nal = &self.buffer[start + 4..];
        let role = self.role(nal);
        if matches!(role, Role::Slice { .. }) && !self.has_start_code(nal) {
            self.seal(role);
            return;
        }
        let nal = nal.to_vec();
        self.buffer.truncate(start);
        self.open_nal = None;
        self.whole(&nal, timestamp, now_us, oddities, out);
    }

    /// Another unit begins while a fragmented one is open. If no packet was lost, only its end was not
    /// marked; some cameras never do.
    fn close_open(&mut self, timestamp: u32, now_us: i64, oddities: &mut Oddities, out: &mut Vec<Unit>) {
        if self.open_nal.is_some() && !self.damaged {
            oddities.count("fragment_end_unmarked");
            self.close(timestamp, now_us, oddities, out);
        }
        self.close_nal_damaged(oddities);
    }

    /// A fragmented unit breaks off: its beginning stays, in case the damaged unit must do.
    fn close_nal_damaged(&mut self, oddities: &mut Oddities) {
        let Some(start) = self.open_nal else { return };
        self.damaged = true;
        oddities.count("fragment_without_end");
        let role = self.role(&self.buffer[start + 4..]);
        if let Role::Slice { .. } = role {
            self.seal(role);
        } else {
            self.buffer.truncate(start);
            self.open_nal = None;
        }
    }

    fn seal(&mut self, role: Role) {
        let Some(start) = self.open_nal.take() else { return };
        let length = (self.buffer.len() - start - 4) as u32;
        self.buffer[start..start + 4].copy_from_slice(&length.to_be_bytes());
        match role {
            Role::Slice { key, intra, pps_id, .. } => {
                if self.slices == 0 {
                    self.pps_id = pps_id;
                }
                self.slices += 1;
                self.key |= key;
                self.all_intra &= intra;
            }
            Role::Sei { recovery } => self.recovery |= recovery,
            _ => {}
        }
    }

    fn take_set(&mut self, nal: &[u8], oddities: &mut Oddities) {
        self.sets_in_unit = true;
        match self.sets.offer(nal) {
            Change::Same => {}
            Change::New => {
                self.new_sets = true;
                self.learn_interlace();
            }
            Change::Broken => oddities.count("parameter_set_broken"),
        }
    }

    fn learn_interlace(&mut self) {
        let format = self.sets.format(None);
        let sps = format
            .as_ref()
            .and_then(|format| format.parameter_sets.iter().find_map(|nal| h264::parse_sps(nal)));
        self.interlaced = sps.is_some_and(|sps| !sps.frame_mbs_only);
    }

    /// Ends the unit before if this NAL unit begins another picture at the same timestamp.
    fn begin_picture_if_due(
        &mut self,
        role: Role,
        timestamp: u32,
        now_us: i64,
        oddities: &mut Oddities,
        out: &mut Vec<Unit>,
    ) {
        let begins = match role {
            Role::Slice { first, .. } => first && !self.interlaced,
            Role::ParameterSet | Role::Delimiter => true,
            _ => false,
        };
        if self.slices > 0 && begins {
            oddities.count("timestamp_shared_by_units");
            self.end_unit(oddities, out);
            self.timestamp = timestamp;
            self.first_us = now_us;
            return;
        }
        let goes_on = matches!(role, Role::Slice { first: false, .. });
        if goes_on && self.slices > 0 && self.marked {
            oddities.count("marker_on_every_packet");
            self.boundary = Boundary::NextUnit;
            self.marked = false;
        }
        if goes_on && self.slices == 0 && self.ended_at == Some(timestamp) {
            // The marker ended a unit that was not at its end.
            oddities.count("marker_on_every_packet");
            self.boundary = Boundary::NextUnit;
            (self.damaged, self.scrap) = (true, true);
        } else if goes_on && self.slices == 0 && !self.interlaced {
            self.damaged = true; // the picture's beginning is missing
        }
    }

    fn end_unit(&mut self, oddities: &mut Oddities, out: &mut Vec<Unit>) {
        self.close_nal_damaged(oddities);
        let (slices, damaged) = (self.slices, std::mem::take(&mut self.damaged));
        let scrap = std::mem::take(&mut self.scrap);
        let mut key = self.key || (slices > 0 && (self.recovery || (self.all_intra && self.sets_in_unit)));
        if !key && slices > 0 && self.all_intra && self.units_without_key >= KEYLESS_UNITS_MAX {
            oddities.count("key_frame_guessed");
            key = true;
        }
        self.slices = 0;
        self.marked = false;
        self.key = false;
        self.recovery = false;
        self.sets_in_unit = false;
        self.all_intra = true;
        if slices == 0 {
            self.buffer.clear();
            return;
        }
        // A picture with a flaw passes: decoders conceal what is missing, while a gap among references makes
        // them stop until the next key frame.
        if damaged {
            oddities.count("unit_damaged");
            if scrap {
                self.buffer.clear();
                return;
            }
            oddities.count(if key { "damaged_key_frame_used" } else { "damaged_frame_used" });
        }
        self.units_without_key = if key { 0 } else { self.units_without_key.saturating_add(1) };
        self.typical_bytes = (self.buffer.len() + self.buffer.len() / 8 + self.typical_bytes) / 2;
        out.push(Unit {
            timestamp: self.timestamp,
            payload: cut(&mut self.buffer, PICTURES_BYTES),
            key,
            new_sets: std::mem::take(&mut self.new_sets),
            pps_id: self.pps_id.take(),
            first_us: self.first_us,
            last_us: self.last_us,
        });
    }

    fn role(&self, nal: &[u8]) -> Role {
        Role::of(self.sets.codec(), nal)
    }

    /// Parameter sets of the other codec mean that the description is wrong, or that it changed.
    fn note_codec(&mut self, payload: &[u8], oddities: &mut Oddities, out: &mut Vec<Unit>) {
        let Some(codec) = other_codec(self.sets.codec(), payload) else { return };
        oddities.count("codec_differs_from_description");
        self.end_unit(oddities, out);
        let interval = (self.timestamp, self.first_us);
        *self = Self::new(codec, false);
        (self.timestamp, self.first_us) = interval;
    }
}

#[cfg(test)]
#[path = "access_unit_tests.rs"]
mod tests;
