//! AAC over RTP: mpeg4-generic (RFC 3640) with any field lengths and fragments, and MP4A-LATM (RFC 6416)
//! with its configuration in the description or in the stream.

use crate::ingest::{
    oddity::Oddities,
    params::{
        aac::{
            AacConfig, LatmConfig, SAMPLE_RATES, copy_bits, parse_config, plain_config,
            read_stream_mux_config,
        },
        bits::BitReader,
    },
    rtsp::sdp::PayloadFormat,
};

/// No AAC frame is longer: 6144 bits a channel (ISO/IEC 14496-3 §4.5.1.1), eight channels.
const FRAME_MAX_BYTES: usize = 6144;
const FRAMES_MAX: usize = 64;

#[derive(Debug)]
enum Layout {
    Generic { size_bits: u32, index_bits: u32, delta_bits: u32, auxiliary_bits: u32 },
    Latm { mux: Option<LatmConfig>, in_band: bool },
}

/// Takes payloads of one track and gives frames.
#[derive(Debug)]
pub struct Depacketizer {
    layout: Layout,
    config: Option<AacConfig>,
    /// A frame, or an AudioMuxElement, that goes on in the next packet.
    fragment: Vec<u8>,
    fragment_size: usize,
}

impl Depacketizer {
    pub fn new(format: &PayloadFormat, latm: bool, oddities: &mut Oddities) -> Self {
        let told = format.config();
        if latm {
            let mux =
                told.as_deref().and_then(|bytes| read_stream_mux_config(bytes, &mut BitReader::new(bytes)));
            let in_band = format.fmtp.get("cpresent").is_none_or(|text| text != "0");
            if mux.is_none() && !in_band {
                oddities.count("audio_config_malformed");
            }
            let config = mux.as_ref().map(|mux| mux.aac.clone());
            return Self {
                layout: Layout::Latm { mux, in_band },
                config,
                fragment: Vec::new(),
                fragment_size: 0,
            };
        }
        let config = told.as_deref().and_then(parse_config).unwrap_or_else(|| {
            oddities.count("audio_config_malformed");
            plain_config(if format.clock_rate == 0 { 44_100 } else { format.clock_rate }, format.channels)
        });
        let low_rate = format.fmtp.get("mode").is_some_and(|mode| mode.eq_ignore_ascii_case("AAC-lbr"));
        let (size, index) = if low_rate { (6, 2) } else { (13, 3) };
        let bits = |name: &str, usual: u32| format.number(name).filter(|bits| *bits <= 32).unwrap_or(usual);
        Self {
            layout: Layout::Generic {
                size_bits: bits("sizelength", size),
                index_bits: bits("indexlength", index),
                delta_bits: bits("indexdeltalength", index),
                auxiliary_bits: bits("auxiliarydatasizelength", 0),
            },
            config: Some(config),
            fragment: Vec::new(),
            fragment_size: 0,
        }
    }

    /// What is known of the codec now; with LATM in band it may come with the first packet.
    pub fn config(&self) -> Option<&AacConfig> {
        self.config.as_ref()
    }

    /// A packet was lost: what was begun will not be finished.
    pub fn lost(&mut self) {
        self.fragment.clear();
        self.fragment_size = 0;
    }

    /// Hands out the frames of one payload in order. `false`: malformed, nothing or a part was handed out.
    pub fn push(&mut self, payload: &[u8], marker: bool, mut each: impl FnMut(&[u8])) -> bool {
        match &self.layout {
            Layout::Generic { size_bits: 0, .. } => {
                each(strip_adts(payload));
                true
            }
            Layout::Generic { .. } => self.push_generic(payload, each),
            Layout::Latm { .. } => self.push_latm(payload, marker, each),
        }
    }

    fn push_generic(&mut self, payload: &[u8], mut each: impl FnMut(&[u8])) -> bool {
        let Layout::Generic { size_bits, index_bits, delta_bits, auxiliary_bits } = self.layout else {
            return false;
        };
        if payload.len() > 7 && payload[0] == 0xff && payload[1] & 0xf6 == 0xf0 {
            each(strip_adts(payload)); // ADTS where access unit headers should stand
            return true;
        }
        let Some(head) = payload.get(..2) else { return false };
        let header_bits = usize::from(u16::from_be_bytes([head[0], head[1]]));
        let Some(headers) = payload.get(2..2 + header_bits.div_ceil(8)) else { return false };
        let mut data = &payload[2 + headers.len()..];
        let mut reader = BitReader::new(headers);
        if auxiliary_bits > 0 {
            let bits = BitReader::new(data).bits(auxiliary_bits).unwrap_or(0) + auxiliary_bits;
            data = data.get((bits as usize).div_ceil(8)..).unwrap_or_default();
        }
        let mut first = true;
        while reader.position() < header_bits {
            let extra = if first { index_bits } else { delta_bits };
            let size =
                reader.bits(size_bits).zip(reader.skip(extra as usize)).map(|(size, ())| size as usize);
            let Some(size) = size.filter(|size| *size <= FRAME_MAX_BYTES) else { return false };
            if first && size > data.len() {
                return self.continue_fragment(size, data, each);
            }
            first = false;
            let Some(frame) = data.get(..size) else { return false };
            if !frame.is_empty() {
                each(strip_adts(frame));
            }
            data = &data[size..];
        }
        self.lost();
        true
    }

    fn continue_fragment(&mut self, size: usize, data: &[u8], mut each: impl FnMut(&[u8])) -> bool {
        if self.fragment_size != size {
            self.fragment.clear();
            self.fragment_size = size;
        }
        self.fragment.extend_from_slice(&data[..data.len().min(size - self.fragment.len())]);
        if self.fragment.len() == size {
            each(&self.fragment);
            self.lost();
        }
        true
    }

    fn push_latm(&mut self, payload: &[u8], marker: bool, each: impl FnMut(&[u8])) -> bool {
        if marker && self.fragment.is_empty() {
            return self.read_element(payload, each);
        }
        if self.fragment.len() + payload.len() > 8 * FRAME_MAX_BYTES {
            self.lost();
            return false;
        }
        self.fragment.extend_from_slice(payload);
        if !marker {
            return true;
        }
        let element = std::mem::take(&mut self.fragment);
        self.read_element(&element, each)
    }

    /// AudioMuxElement (ISO/IEC 14496-3 §1.7.3.1).
    fn read_element(&mut self, element: &[u8], mut each: impl FnMut(&[u8])) -> bool {
        let Layout::Latm { mux, in_band } = &mut self.layout else { return false };
        let mut reader = BitReader::new(element);
        if *in_band && reader.flag() == Some(false) {
            let Some(found) = read_stream_mux_config(element, &mut reader) else { return false };
            self.config = Some(found.aac.clone());
            *mux = Some(found);
        }
        let Some(mux) = mux else { return false };
        for _ in 0..mux.sub_frames.min(FRAMES_MAX as u32) {
            let mut size = 0usize;
            loop {
                let Some(byte) = reader.bits(8) else { return false };
                size += byte as usize;
                if byte != 255 || size > FRAME_MAX_BYTES {
                    break;
                }
            }
            let position = reader.position();
            if reader.skip(size * 8).is_none() {
                return false;
            }
            if size > 0 && position.is_multiple_of(8) {
                each(&element[position / 8..position / 8 + size]);
            } else if size > 0 {
                let Some(frame) = copy_bits(element, position, size * 8) else { return false };
                each(&frame);
            }
        }
        true
    }
}

/// Takes an ADTS header (§1.A.2.2) off a frame that should not have one.
fn strip_adts(frame: &[u8]) -> &[u8] {
    let is_adts = frame.len() > 7
        && frame[0] == 0xff
        && frame[1] & 0xf6 == 0xf0
        && usize::from(frame[2] >> 2 & 0x0f) < SAMPLE_RATES.len();
    if !is_adts {
        return frame;
    }
    &frame[if frame[1] & 1 == 1 { 7 } else { 9.min(frame.len()) }..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(fmtp: &[(&str, &str)]) -> PayloadFormat {
        let fmtp = fmtp.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        PayloadFormat { clock_rate: 16_000, channels: 1, fmtp, ..PayloadFormat::default() }
    }

    fn frames(depacketizer: &mut Depacketizer, payload: &[u8], marker: bool) -> (Vec<Vec<u8>>, bool) {
        let mut seen = Vec::new();
        let sound = depacketizer.push(payload, marker, |frame| seen.push(frame.to_vec()));
        (seen, sound)
    }

    fn hbr() -> Depacketizer {
        let format =
            format(&[("mode", "AAC-hbr"), ("config", "1408"), ("sizelength", "13"), ("indexlength", "3")]);
        Depacketizer::new(&format, false, &mut Oddities::default())
    }

    #[test]
    fn several_frames_and_fragments_come_out_whole() {
        let mut aac = hbr();
        let two = [0, 32, 0, 3 << 3, 0, 2 << 3, 1, 2, 3, 4, 5];
        assert_eq!(frames(&mut aac, &two, true), (vec![vec![1, 2, 3], vec![4, 5]], true));
        assert_eq!(frames(&mut aac, &[0, 16, 0, 4 << 3, 1, 2], false), (vec![], true));
        assert_eq!(frames(&mut aac, &[0, 16, 0, 4 << 3, 3, 4], true), (vec![vec![1, 2, 3, 4]], true));
        assert_eq!(aac.config().unwrap().sample_rate, 16_000);
    }

    #[test]
    fn other_field_lengths_and_missing_configurations_work() {
        let mut lbr = Depacketizer::new(&format(&[("mode", "AAC-lbr")]), false, &mut Oddities::default());
        assert_eq!(frames(&mut lbr, &[0, 8, 2 << 2, 7, 8], true), (vec![vec![7, 8]], true));
        assert_eq!(lbr.config().unwrap().sample_rate, 16_000);
        let mut raw = Depacketizer::new(&format(&[("sizelength", "0")]), false, &mut Oddities::default());
        assert_eq!(frames(&mut raw, &[1, 2, 3], true).0, [vec![1, 2, 3]]);
    }

    #[test]
    fn what_is_malformed_is_told() {
        let mut aac = hbr();
        for payload in
            [&[][..], &[0], &[0xff, 0xff, 1], &[0, 16, 0xff, 0xff, 1], &[0, 32, 0, 8, 0xff, 0xf8, 1, 2]]
        {
            assert!(!frames(&mut aac, payload, true).1, "{payload:02x?}");
        }
    }

    #[test]
    fn latm_is_read_with_its_configuration_outside_and_inside() {
        let mut outside = Depacketizer::new(
            &format(&[("cpresent", "0"), ("config", "400026203fc0")]),
            true,
            &mut Oddities::default(),
        );
        assert_eq!(frames(&mut outside, &[3, 7, 8, 9], true), (vec![vec![7, 8, 9]], true));
        assert_eq!(frames(&mut outside, &[3, 7], false).0, Vec::<Vec<u8>>::new());
        assert_eq!(frames(&mut outside, &[8, 9], true).0, [vec![7, 8, 9]]);
        // useSameStreamMux = 0, then the configuration, then one frame of a byte
        let config = [0x40, 0x00, 0x26, 0x20, 0x3f, 0xc0];
        let mut bits: Vec<u8> = vec![0];
        let mut used = BitReader::new(&config);
        read_stream_mux_config(&config, &mut used).unwrap();
        bits.extend((0..used.position()).map(|at| config[at / 8] >> (7 - at % 8) & 1));
        for byte in [1u8, 0xab] {
            bits.extend((0..8).map(|at| byte >> (7 - at) & 1));
        }
        let element: Vec<u8> = bits
            .chunks(8)
            .map(|chunk| chunk.iter().enumerate().fold(0, |byte, (at, bit)| byte | bit << (7 - at)))
            .collect();
        let mut inside = Depacketizer::new(&format(&[]), true, &mut Oddities::default());
        assert_eq!(inside.config(), None);
        assert_eq!(frames(&mut inside, &element, true), (vec![vec![0xab]], true));
        assert_eq!(inside.config().unwrap().sample_rate, 24_000);
    }
}
