//! A plane that stands open on loopback for the target `http`: a stream whose camera never answers, no recordings.

use mingjing_media::{
    plane::{Plane, config::PlaneConfig},
    serve::fuzz::Door,
};

const CONFIG: &str = r#"{
    "http_listen": "127.0.0.1:0", "allowed_origins": ["http://console.example:8360"],
    "ticket_key": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "limits": {"connections_per_source": 512, "key_frame_ms": 1000, "first_message_ms": 100}
}"#;
/// Nobody listens there, and nothing leaves the machine.
const STREAM: &str = r#"{"stream": "ch_a.main", "source": {"kind": "rtsp", "url": "rtsp://127.0.0.1:1/"}}"#;

/// The plane with its door.
pub struct Standing {
    pub door: Door,
    _plane: Plane,
}

impl Standing {
    pub fn new() -> Self {
        let config = PlaneConfig::parse(CONFIG).expect("a configuration");
        let key = config.key().expect("a key");
        let plane = Plane::new(config).expect("a plane");
        let addresses = plane.start().expect("a free port");
        plane.put_stream(STREAM).expect("a stream");
        let address = addresses["http"].as_str().and_then(|text| text.parse().ok()).expect("an address");
        Self { door: Door { address, key }, _plane: plane }
    }
}
