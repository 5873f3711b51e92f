//! What a stream tells of itself: figures once a second, events when its state changes, the report of a
//! probe.

use super::{api::ProbeReport, pull::Pull, wire::Wire};
use crate::{
    clock::Now,
    event::{Cause, Event, StreamState},
};

impl<W: Wire> Pull<W> {
    pub(super) fn figures(&mut self, now: Now) {
        let elapsed = now.ms_since(self.figures_us).max(1) as f64 / 1000.0;
        self.figures_us = now.mono_us;
        let frames = self.session.as_ref().map_or(0, |session| session.media().progress().frames);
        let new_frames = frames.saturating_sub(self.figures_frames);
        let new_bytes = self.bytes - self.figures_bytes;
        (self.figures_frames, self.figures_bytes) = (frames, self.bytes);
        let mut stats = self.order.shared.stats();
        stats.fps = stats.fps * 0.7 + new_frames as f64 / elapsed * 0.3;
        stats.bitrate_bps = (stats.bitrate_bps as f64 * 0.7 + new_bytes as f64 * 8.0 / elapsed * 0.3) as u64;
        if let Some(session) = &self.session {
            stats.legs = session.legs().reports().to_vec();
            stats.oddities = session.media().oddities.to_map();
            stats.format = Some(session.media().format().clone()).filter(|format| format.video.is_some());
        }
    }

    pub(super) fn tell(
        &mut self,
        state: StreamState,
        cause: Option<Cause>,
        retry_in_ms: Option<u32>,
        now: Now,
    ) {
        self.state = state;
        let (legs, oddities, format) = self.session.as_ref().map_or_else(Default::default, |session| {
            let media = session.media();
            (session.legs().reports().to_vec(), media.oddities.to_map(), Some(media.format().clone()))
        });
        let mut stats = self.order.shared.stats();
        stats.state = state;
        stats.cause = cause;
        stats.since_us = now.wall_us;
        stats.legs.clone_from(&legs);
        stats.oddities.clone_from(&oddities);
        stats.format = format.filter(|format| format.video.is_some());
        if state != StreamState::Playing {
            (stats.fps, stats.bitrate_bps) = (0.0, 0);
        }
        drop(stats);
        if let Some(events) = &self.order.events {
            events(Event::Stream {
                stream: self.order.shared.stream.to_string(),
                state,
                at_us: now.wall_us,
                cause,
                attempt: self.failures + u32::from(state == StreamState::Opening),
                retry_in_ms,
                legs,
                oddities,
            });
        }
    }

    pub(super) fn report_probe(&mut self) {
        let (Some(report), Some(session)) = (&self.order.probe, &self.session) else { return };
        let format = session.media().format().clone();
        let found = ProbeReport {
            legs: session.legs().reports().to_vec(),
            format: Some(format).filter(|format| format.video.is_some()),
            oddities: session.media().oddities.to_map(),
        };
        report.try_send(found).ok(); // told once; nobody may be listening any more
    }
}
