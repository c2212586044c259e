//! Networks that are known, samples of them, and how much of one was found.

mod draw;
mod fire;
mod independent;
mod matching;
mod recipe;
mod score;

pub use draw::draw;
pub use matching::assign;
pub use recipe::{Planted, Recipe, RecipeError, Tier};
pub use score::{Score, relabel, score};
