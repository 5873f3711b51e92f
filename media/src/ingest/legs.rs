//! The record of one attempt: which leg between address and picture was reached, when, and what was seen.

use crate::clock::Now;
use crate::event::{Cause, Leg, LegReport, LegState};

const ORDER: [Leg; 9] = [
    Leg::Resolved,
    Leg::Connected,
    Leg::Authenticated,
    Leg::Described,
    Leg::SetUp,
    Leg::FirstPacket,
    Leg::FirstKeyFrame,
    Leg::Decodable,
    Leg::Written,
];
const EVIDENCE_MAX: usize = 8;
const EVIDENCE_MAX_CHARS: usize = 160;

/// See the module.
#[derive(Clone, Debug)]
pub struct Legs {
    began_us: i64,
    reports: Vec<LegReport>,
    failed: bool,
}

impl Legs {
    pub fn begin(now: Now) -> Self {
        let report = |leg| LegReport {
            leg,
            state: LegState::NotReached,
            at_us: None,
            took_ms: None,
            cause: None,
            evidence: Vec::new(),
        };
        let mut legs =
            Self { began_us: now.mono_us, reports: ORDER.into_iter().map(report).collect(), failed: false };
        legs.reports[0].state = LegState::Waiting;
        legs
    }

    /// The leg is done; legs before it that were passed over are done too. Only the first time counts.
    pub fn reached(&mut self, leg: Leg, now: Now) {
        let last = leg as usize;
        for report in &mut self.reports[..=last] {
            if report.state != LegState::Ok {
                report.state = LegState::Ok;
                report.cause = None;
                report.at_us = Some(now.wall_us);
                report.took_ms = Some(u32::try_from(now.ms_since(self.began_us)).unwrap_or(u32::MAX));
            }
        }
        if let Some(next) = self.reports.get_mut(last + 1)
            && next.state == LegState::NotReached
        {
            next.state = LegState::Waiting;
        }
    }

    pub fn is_reached(&self, leg: Leg) -> bool {
        self.reports[leg as usize].state == LegState::Ok
    }

    /// A fact for a leg, cleaned of control characters and bounded.
    pub fn note(&mut self, leg: Leg, fact: &str) {
        let evidence = &mut self.reports[leg as usize].evidence;
        let fact: String =
            fact.chars().filter(|letter| !letter.is_control()).take(EVIDENCE_MAX_CHARS).collect();
        if evidence.len() < EVIDENCE_MAX && !evidence.contains(&fact) {
            evidence.push(fact);
        }
    }

    /// The attempt ended for this cause, at the first leg that was not reached.
    pub fn failed(&mut self, cause: Cause, now: Now) {
        if self.failed {
            return;
        }
        self.failed = true;
        let began_us = self.began_us;
        // The recorder, not ingest, reaches the last leg.
        if let Some(report) = self.reports[..8].iter_mut().find(|report| report.state != LegState::Ok) {
            report.state = LegState::Failed;
            report.cause = Some(cause);
            report.at_us = Some(now.wall_us);
            report.took_ms = Some(u32::try_from(now.ms_since(began_us)).unwrap_or(u32::MAX));
        }
    }

    pub fn reports(&self) -> &[LegReport] {
        &self.reports
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_stands_at_the_first_leg_not_reached() {
        let mut legs = Legs::begin(Now { mono_us: 0, wall_us: 5 });
        legs.reached(Leg::Described, Now { mono_us: 30_000, wall_us: 6 });
        legs.note(Leg::SetUp, "461 Unsupported\r\nTransport");
        legs.failed(Cause::TransportRefused, Now { mono_us: 50_000, wall_us: 7 });
        legs.failed(Cause::Stopped, Now::default());
        let reports = legs.reports();
        assert_eq!((reports[3].state, reports[3].took_ms), (LegState::Ok, Some(30)));
        assert_eq!((reports[4].state, reports[4].cause), (LegState::Failed, Some(Cause::TransportRefused)));
        assert_eq!(reports[4].evidence, ["461 UnsupportedTransport"]);
        assert_eq!(reports[5].state, LegState::NotReached);
    }

    #[test]
    fn evidence_is_bounded() {
        let mut legs = Legs::begin(Now::default());
        for at in 0..100 {
            legs.note(Leg::Resolved, &format!("{at}{}", "x".repeat(1000)));
        }
        assert_eq!(legs.reports()[0].evidence.len(), EVIDENCE_MAX);
        assert!(legs.reports()[0].evidence.iter().all(|fact| fact.chars().count() <= EVIDENCE_MAX_CHARS));
    }
}
