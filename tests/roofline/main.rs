//! Machines and rooflines: values by hand, laws over all networks, and the commands as a user meets them.

#[path = "../networks/mod.rs"]
mod networks;

mod calibration;
mod command;
mod hand;
mod laws;
mod tables;
