//! A generated data set: textured shapes.

mod figure;
mod fill;
mod generate;
mod paint;

pub use generate::Shapes;
