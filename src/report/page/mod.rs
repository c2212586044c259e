//! A page to show: one file with table, pictures and data, that needs no network and, but for what moves, no script.

mod budget;
mod data;
mod facts;
mod foot;
mod html;
mod items;
mod operation;
mod page;
mod paint;
mod pictures;
mod subject;
mod table;

pub use page::html;
pub use subject::Subject;
