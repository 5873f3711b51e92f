//! Mingjing's media plane: packets in, fragments out.
//!
//! It knows streams, frames, segments and tickets. It knows no users, no cameras' names, no laws and
//! no databases; those live in the control plane, which reaches this crate through [`plane`].
//!
//! Video flows one way: [`ingest`] → [`hub`] → ([`record`] | [`serve`]), in one currency, [`frame`].

pub mod clock;
pub mod event;
pub mod frame;
pub mod hub;
pub mod ingest;
pub mod mux;
pub mod plane;
pub mod publish;
#[cfg(feature = "python")]
mod python;
pub mod ready;
pub mod record;
pub mod serve;
#[cfg(test)]
mod simulation;
pub mod ticket;
