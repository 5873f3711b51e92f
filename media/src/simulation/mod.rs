//! The media plane in one thread, on clocks that are set: a seed decides what cameras, the disk, viewers, the database and
//! the power do, and the promises are looked at after every step (`docs/decisions/0080-a-seed-plays-the-plane.md`).
//!
//! `camera` plays RTSP over the engine's own `Wire`, the disk is `record::sim_disk`, `control` takes and
//! acknowledges events. Between them everything is the product's: `Pull` and its session, hubs, the recorder's hands,
//! the queue of events, packers and their rings. Who is called when is `program`'s, what happens `world`'s, what must
//! hold `judge`'s.
//!
//! `MINGJING_SEEDS=200..10000 cargo test --lib simulation::seeds` plays others than the first two hundred; what
//! breaks a promise prints its seed.

mod camera;
mod control;
mod judge;
mod program;
mod viewer;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use world::{Counts, World};

/// What was promised and did not hold.
type Broken = String;

/// A promise that the world breaks on purpose, to see that it is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Teeth {
    None,
    /// A sync says that it was done, and was not.
    LyingDisk,
    /// Syncs are asked for and never done.
    NeverSync,
    /// Gaps are not told.
    ForgetGap,
    /// A viewer gets a message twice.
    TwiceToViewer,
    /// Somebody unlinks what was acknowledged.
    DeleteAcknowledged,
    /// The acknowledgement reaches the queue and not the recorder, which tells again.
    HalfAcknowledged,
}

/// Steps of a seed before it comes to rest; each is 50 to 200 ms.
const STEPS: u64 = 900;

/// Plays one seed: what came of it, and the digest of all that happened.
fn play(seed: u64, teeth: Teeth) -> Result<(Counts, String), Broken> {
    let playing = AssertUnwindSafe(|| World::new(seed, teeth)?.play(STEPS));
    catch_unwind(playing).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        Err(format!(
            "panicked: {}",
            said.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default()
        ))
    })
}

/// `from..until` of `MINGJING_SEEDS`, or the first two hundred.
fn asked() -> std::ops::Range<u64> {
    let text = std::env::var("MINGJING_SEEDS").unwrap_or_else(|_| "0..200".into());
    let parts = text.split_once("..").and_then(|(from, until)| Some(from.parse().ok()?..until.parse().ok()?));
    parts.expect("MINGJING_SEEDS is from..until")
}

#[test]
fn seeds() {
    let (mut sum, mut failed) = (Counts::default(), Vec::new());
    let seeds = asked();
    for seed in seeds.clone() {
        match play(seed, Teeth::None) {
            Ok((counts, _)) => sum.add(&counts),
            Err(broken) => failed.push(format!("seed {seed}: {broken}")),
        }
    }
    let line = serde_json::json!({"from": seeds.start, "until": seeds.end, "failed": failed, "sum": sum});
    println!("{line}");
    if let Some(file) = std::env::var_os("MINGJING_SIMULATED") {
        std::fs::write(file, format!("{line}\n")).unwrap();
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(seeds.end - seeds.start < 50 || sum.happened(), "something never happened: {sum:?}");
}

#[test]
fn a_seed_is_the_same_each_time() {
    for seed in [1, 7, 23] {
        let (one, other) = (play(seed, Teeth::None).unwrap(), play(seed, Teeth::None).unwrap());
        assert_eq!(one, other, "seed {seed}");
        assert_ne!(one.1, play(seed + 1, Teeth::None).unwrap().1);
    }
}

/// How the first seed that notices puts it.
fn noticed(teeth: Teeth) -> String {
    (0..60).find_map(|seed| play(seed, teeth).err()).unwrap_or_default()
}

#[test]
fn each_broken_promise_is_noticed() {
    for (teeth, words) in [
        (Teeth::LyingDisk, "lost|no intact trailer"),
        (Teeth::NeverSync, "lost its last|in silence"),
        (Teeth::ForgetGap, "in silence|nothing is said"),
        (Teeth::TwiceToViewer, "a viewer saw"),
        (Teeth::DeleteAcknowledged, "not whole on disk"),
        (Teeth::HalfAcknowledged, "told after it was acknowledged|not acknowledged"),
    ] {
        let broken = noticed(teeth);
        assert!(words.split('|').any(|word| broken.contains(word)), "{teeth:?}: {broken:?}");
    }
}
