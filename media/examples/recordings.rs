//! Speed of the recordings' slow paths on a real disk, as JSON lines: `recordings scan FOLDER [SEGMENTS]`
//! writes that many closed segments of one fragment below FOLDER and times the scan; `recordings import
//! FOLDER FILE [TIMES]` brings FILE in that often, as so many streams.

use mingjing_media::record::place::SegmentName;
use mingjing_media::record::trailer::{Origin, Trailer};
use mingjing_media::record::{RealDisk, face, scan as scanning, verify::Depth};
use std::path::Path;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["scan", folder] => scan(Path::new(folder), 20_000),
        ["scan", folder, count] => scan(Path::new(folder), count.parse().expect("a number of segments")),
        ["import", folder, file] => import(Path::new(folder), Path::new(file), 1),
        ["import", folder, file, times] => {
            import(Path::new(folder), Path::new(file), times.parse().expect("how often"));
        }
        _ => eprintln!("recordings scan FOLDER [SEGMENTS] | recordings import FOLDER FILE [TIMES]"),
    }
}

fn scan(root: &Path, count: usize) {
    for n in 0..count {
        let start_us = 1_700_000_000_000_000 + (n / 50) as i64 * 60_000_000;
        let stream = format!("ch_{}.main", n % 50);
        let name = SegmentName::new(&stream, start_us, (n / 50) as u32).expect("a plain name");
        let trailer = Trailer {
            end_us: start_us + 60_000_000,
            name: name.clone(),
            origin: Origin::Recorded,
            body_bytes: 0,
            init_bytes: 0,
            fragments: 60,
            video_frames: 1500,
            key_frames: 30,
            width: 1920,
            height: 1080,
            digest: [0; 32],
            codecs: "avc1.640028,alaw".into(),
        };
        std::fs::create_dir_all(root.join(name.folder())).expect("a folder");
        std::fs::write(root.join(name.path()), trailer.seal()).expect("a file");
    }
    let begun = Instant::now();
    let disk = RealDisk::open(root).expect("the root");
    let found = scanning::scan(&disk, |_| false).expect("a scan").segments;
    let seconds = begun.elapsed().as_secs_f64();
    let rate = found.len() as f64 / seconds;
    println!(
        "{{\"bench\":\"scan\",\"segments\":{},\"seconds\":{seconds:.3},\"per_second\":{rate:.0}}}",
        found.len()
    );
}

fn import(root: &Path, file: &Path, times: usize) {
    let begun = Instant::now();
    let mut made = Vec::new();
    for n in 0..times {
        let stream = format!("ch_import_{n}.main");
        made.extend(face::import_file(root, file, &stream, 1_700_000_000_000_000, 60).expect("an import"));
    }
    let seconds = begun.elapsed().as_secs_f64();
    let bytes: u64 = made.iter().map(|segment| segment.bytes).sum();
    let last = made.last().expect("a segment");
    let whole = face::verify_segment(&root.join(&last.path), Depth::Hash).expect("a file").ok;
    println!(
        "{{\"bench\":\"import\",\"files\":{times},\"segments\":{},\"bytes\":{bytes},\"seconds\":{seconds:.2},\"last_is_whole\":{whole}}}",
        made.len()
    );
}
