//! The parameter sets in force of one video track, by kind and id, and the format they make.

use super::{h264, h265, video_format};
use crate::frame::{VideoCodec, VideoFormat};
use bytes::Bytes;
use std::collections::BTreeMap;

/// Sets beyond these are not kept: no camera has them, a hostile one might.
const SETS_MAX: usize = 64;
const SET_MAX_BYTES: usize = 8 << 10;

/// What a parameter set did to those in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Known already, byte for byte.
    Same,
    /// Added or replaced one.
    New,
    /// Not a parameter set that can be read; those in force stay.
    Broken,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct ParameterSets {
    codec: VideoCodec,
    /// By (kind, id): kind in the order VPS, SPS, PPS.
    sets: BTreeMap<(u8, u8), Bytes>,
    /// An H.264 SPS that could not be read, used only while there is none that can.
    unread: Option<Bytes>,
}

impl ParameterSets {
    pub fn new(codec: VideoCodec) -> Self {
        Self { codec, sets: BTreeMap::new(), unread: None }
    }

    pub fn codec(&self) -> VideoCodec {
        self.codec
    }

    /// Offers one NAL unit of a parameter set kind. Copies it only if it is new.
    pub fn offer(&mut self, nal: &[u8]) -> Change {
        let used = nal.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let nal = &nal[..used];
        if nal.len() > SET_MAX_BYTES {
            return Change::Broken;
        }
        if self.sets.values().any(|known| known[..] == *nal) {
            return Change::Same;
        }
        let Some(key) = self.key_of(nal) else {
            return self.offer_unread(nal);
        };
        // A set that is the beginning of the one in force was cut off on its way.
        if self.sets.get(&key).is_some_and(|known| known.starts_with(nal)) {
            return Change::Broken;
        }
        if self.sets.len() >= SETS_MAX && !self.sets.contains_key(&key) {
            return Change::Broken;
        }
        self.sets.insert(key, Bytes::copy_from_slice(nal));
        Change::New
    }

    /// An SPS whose depths cannot be read may still name profile and level, and a decoder more
    /// forgiving than we are may like it.
    fn offer_unread(&mut self, nal: &[u8]) -> Change {
        let is_sps = self.codec == VideoCodec::H264 && nal.len() >= 4 && nal[0] & 0x1f == 7;
        if !is_sps || self.unread.as_ref().is_some_and(|known| known[..] == *nal) {
            return Change::Broken;
        }
        let needed = self.unread.is_none() && !self.sets.keys().any(|(kind, _)| *kind == 7);
        self.unread = Some(Bytes::copy_from_slice(nal));
        if needed { Change::New } else { Change::Broken }
    }

    fn key_of(&self, nal: &[u8]) -> Option<(u8, u8)> {
        let first = *nal.first()?;
        match self.codec {
            VideoCodec::H264 => match first & 0x1f {
                7 => h264::parse_sps(nal).map(|sps| (7, sps.id)),
                8 => h264::parse_pps(nal).map(|pps| (8, pps.id)),
                _ => None,
            },
            VideoCodec::H265 => match h265::nal_type(first) {
                h265::VPS => h265::parse_vps(nal).map(|id| (h265::VPS, id)),
                h265::SPS => h265::parse_sps(nal).map(|sps| (h265::SPS, sps.id)),
                h265::PPS => h265::parse_pps(nal).map(|(id, _)| (h265::PPS, id)),
                _ => None,
            },
        }
    }

    /// Picture parameter set `id`'s sequence parameter set, as bytes.
    fn active_sps(&self, pps_id: Option<u8>) -> Option<Bytes> {
        let (sps_kind, pps_kind) = match self.codec {
            VideoCodec::H264 => (7, 8),
            VideoCodec::H265 => (h265::SPS, h265::PPS),
        };
        let pps = self.sets.get(&(pps_kind, pps_id?))?;
        let sps_id = match self.codec {
            VideoCodec::H264 => h264::parse_pps(pps)?.sps_id,
            VideoCodec::H265 => h265::parse_pps(pps)?.1,
        };
        self.sets.get(&(sps_kind, sps_id)).cloned()
    }

    /// The format they make, the SPS that `pps_id` (of a key frame's first slice) leads to first.
    /// `None` while a kind is missing.
    pub fn format(&self, pps_id: Option<u8>) -> Option<VideoFormat> {
        let mut nals: Vec<Bytes> = Vec::with_capacity(self.sets.len() + 1);
        nals.extend(self.active_sps(pps_id));
        for nal in self.sets.values() {
            if nals.first() != Some(nal) {
                nals.push(nal.clone());
            }
        }
        if let Some(unread) = &self.unread
            && !self.sets.keys().any(|(kind, _)| *kind == 7)
        {
            nals.insert(0, unread.clone());
        }
        video_format(self.codec, &nals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPS: [u8; 9] = [0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0, 0x3d, 0x90];
    const PPS: [u8; 4] = [0x68, 0xce, 0x3c, 0x80];

    #[test]
    fn sets_are_kept_by_id_and_a_repeated_one_changes_nothing() {
        let mut sets = ParameterSets::new(VideoCodec::H264);
        assert_eq!(sets.format(None), None);
        assert_eq!(sets.offer(&SPS), Change::New);
        assert_eq!(sets.offer(&PPS), Change::New);
        assert_eq!(sets.offer(&[&SPS[..], &[0, 0]].concat()), Change::Same, "trailing zeros do not count");
        let format = sets.format(Some(0)).unwrap();
        assert_eq!((format.width, format.height, format.parameter_sets.len()), (640, 480, 2));
    }

    #[test]
    fn a_broken_sps_neither_replaces_a_good_one_nor_kills_without_one() {
        let mut sets = ParameterSets::new(VideoCodec::H264);
        let broken = [0x67, 0x64, 0x00, 0x28, 0xff];
        assert_eq!(sets.offer(&broken), Change::New);
        sets.offer(&PPS);
        let format = sets.format(None).unwrap();
        assert_eq!((format.width, format.codec_string.as_str()), (0, "avc1.640028"));
        assert_eq!(sets.offer(&SPS), Change::New);
        assert_eq!(sets.format(None).unwrap().width, 640);
        assert_eq!(sets.offer(&[0x67, 0x64, 0x00, 0x29, 0xff]), Change::Broken);
        assert_eq!(sets.format(None).unwrap().width, 640);
    }

    #[test]
    fn a_set_that_was_cut_off_does_not_replace_the_whole_one() {
        let mut sets = ParameterSets::new(VideoCodec::H264);
        sets.offer(&SPS);
        sets.offer(&PPS);
        assert_eq!(sets.offer(&PPS[..3]), Change::Broken);
        assert_eq!(sets.format(None).unwrap().parameter_sets[1][..], PPS);
    }

    #[test]
    fn a_flood_of_sets_is_bounded() {
        let mut sets = ParameterSets::new(VideoCodec::H264);
        for id in 0..=255u16 {
            // pps id as ue(v) over 17 bits: 8 zeros, then id + 1 in 9 bits, then sps id 0
            let code = (u32::from(id) + 1) << 7 | 1 << 6;
            let nal = [0x68, (code >> 16) as u8, (code >> 8) as u8, code as u8 | 1];
            sets.offer(&nal);
        }
        assert!(sets.sets.len() <= SETS_MAX);
        assert_eq!(sets.offer(&[0x67; SET_MAX_BYTES + 1]), Change::Broken);
    }
}
