//! Who watches: what passed a hub, as it passed, and viewers with cursors into its broadcast who must see each picture
//! once and in order, or be told of a skip.

use super::camera::{picture_of, pictures};
use crate::{
    frame::{AccessUnit, Format, Track},
    hub::{Haste, Hub, Sink},
    serve::live::broadcast::{Broadcast, Pace, Step},
};
use std::sync::{Arc, Mutex};

/// One picture that passed a hub.
#[derive(Clone, Debug)]
pub struct Passed {
    pub number: Option<u64>,
    pub key: bool,
    pub dts: i64,
    pub wall_us: i64,
    pub mono_us: i64,
    /// A viewer gets it: a key frame came since the connection or the format changed.
    pub shown: bool,
    /// How many connections had ended before it.
    pub connection: u32,
}

/// All that passed one hub.
#[derive(Default)]
pub struct Book {
    pub pictures: Vec<Passed>,
    format: Option<Arc<Format>>,
    decodable: bool,
    pub connection: u32,
}

impl Book {
    /// The program ended.
    pub fn end(&mut self) {
        (self.format, self.decodable) = (None, false);
    }
}

/// The sink that keeps a [`Book`].
pub struct Clerk {
    pub letter: u8,
    pub book: Arc<Mutex<Book>>,
}

impl Sink for Clerk {
    fn access_unit(&mut self, unit: &Arc<AccessUnit>) -> bool {
        let mut book = self.book.lock().unwrap();
        if book.format.as_ref().is_none_or(|format| **format != *unit.format) {
            book.format = Some(unit.format.clone());
            book.decodable = false;
        }
        if unit.track == Track::Video {
            book.decodable |= unit.key;
            let passed = Passed {
                number: picture_of(unit, self.letter),
                key: unit.key,
                dts: unit.dts,
                wall_us: unit.wall_us,
                mono_us: unit.mono_us,
                shown: book.decodable,
                connection: book.connection,
            };
            book.pictures.push(passed);
        }
        true
    }

    fn discontinuity(&mut self) {
        let mut book = self.book.lock().unwrap();
        book.connection += 1;
        book.decodable = false;
    }
}

/// A sink that goes down in its n-th unit, without a word on the console.
pub struct Falling(pub u32);

impl Sink for Falling {
    fn access_unit(&mut self, _: &Arc<AccessUnit>) -> bool {
        if self.0 == 0 {
            std::panic::resume_unwind(Box::new("asked to fall"));
        }
        self.0 -= 1;
        true
    }
}

/// One viewer of a broadcast.
pub struct Viewer {
    pace: Pace,
    /// While it takes each frame.
    haste: Option<Haste>,
    cursor: Option<u64>,
    begun: bool,
    /// The last picture that it saw.
    last: Option<u64>,
    /// It was told of a skip since.
    skipped: bool,
    /// Sees everything twice: a broken promise on purpose.
    pub twice: bool,
}

impl Viewer {
    pub fn new() -> Self {
        Self {
            pace: Pace::default(),
            haste: None,
            cursor: None,
            begun: false,
            last: None,
            skipped: false,
            twice: false,
        }
    }

    /// Takes a pace from now on; ingest heeds it at its next tick.
    pub fn set_pace(&mut self, pace: Pace, hub: &Arc<Hub>) {
        self.pace = pace;
        self.haste = (pace == Pace::Frame).then(|| hub.hurry());
    }

    /// Takes what there is, at most `most` messages; the pictures it saw.
    pub fn turn(
        &mut self,
        ring: &Broadcast,
        book: &Book,
        letter: u8,
        most: usize,
    ) -> Result<Vec<u64>, String> {
        let mut seen = Vec::new();
        for _ in 0..most {
            let Some(cursor) = self.cursor.or_else(|| ring.start().map(|(cursor, _)| cursor)) else { break };
            let pace = if self.begun { self.pace } else { Pace::Frame };
            match ring.step(cursor, pace) {
                Step::Wait => break,
                Step::Skip { to, .. } => {
                    if to <= cursor {
                        return Err(format!("a skip back: {cursor} to {to}"));
                    }
                    (self.cursor, self.skipped) = (Some(to), true);
                }
                Step::Send { chunk, next, .. } => {
                    self.begun = true;
                    self.cursor = Some(if std::mem::take(&mut self.twice) { cursor } else { next });
                    for number in pictures(&chunk.bare(), letter) {
                        self.see(number, book)?;
                        seen.push(number);
                    }
                }
            }
        }
        Ok(seen)
    }

    fn see(&mut self, number: u64, book: &Book) -> Result<(), String> {
        let shown = || book.pictures.iter().rev().filter(|picture| picture.shown && picture.number.is_some());
        let before = match self.last {
            // A picture without a number may stand between; what has one must follow its predecessor.
            Some(last) if !self.skipped => shown()
                .skip_while(|picture| picture.number != Some(number))
                .nth(1)
                .is_some_and(|before| before.number == Some(last)),
            last => {
                shown().any(|picture| picture.number == Some(number) && picture.key)
                    && last.is_none_or(|last| last < number)
            }
        };
        if !before {
            return Err(format!("a viewer saw {number} after {:?} (skip told: {})", self.last, self.skipped));
        }
        (self.last, self.skipped) = (Some(number), false);
        Ok(())
    }
}
