//! Data sets: readers over files that are built here byte by byte, a generated set, splits, statistics and the cache.

mod archive;
mod cache;
mod cifar;
mod command;
mod folders;
mod idx;
mod made;
mod real;
mod shapes;
mod split;
mod statistics;
