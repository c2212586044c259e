//! `nas report`'s page: what its HTML holds, and how it behaves in a real browser, at a desk and on a phone.
//!
//! Without a browser the second half is left out, and says so; with `NAS_BROWSER=required` that is a fault. Screenshots of what was seen
//! lie in the target folder.

mod browser;
mod desk;
mod document;
mod linked;
mod phone;
mod truth;
mod visit;
