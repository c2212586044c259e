//! A page to show: one file with table, pictures and data, that needs no network and, but for what moves, no script.

mod budget;
mod data;
mod differences;
mod facts;
mod foot;
mod frame;
mod grid;
mod html;
mod items;
mod network;
mod operation;
mod overview;
mod paint;
mod pair;
mod pictures;
mod single;
mod table;
mod whole;

pub use network::PageNetwork;
pub use whole::html;
