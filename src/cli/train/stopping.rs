//! Ctrl-C and other wishes to end: the first is granted at the next step, the second at once.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use anyhow::Context;

use crate::cli::Exit;
use crate::cli::output;

/// Whether somebody asked to stop.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// From now on signals set it.
    pub(in crate::cli) fn listen() -> anyhow::Result<Stopping> {
        let asked = Arc::new(AtomicBool::new(false));
        let set = Arc::clone(&asked);
        ctrlc::set_handler(move || {
            if set.swap(true, Ordering::Relaxed) {
                end();
            }
            output::complain("nas: stopping after this step; once more to stop at once");
        })
        .context("signals cannot be heard")?;
        Ok(Stopping(asked))
    }

    /// Whether it was asked.
    pub(in crate::cli) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[expect(clippy::exit, reason = "the user asked twice")]
fn end() {
    std::process::exit(Exit::Interrupted as i32);
}
