//! Sizes: text, gaps, heights and widths, all from the size of the text in a box.

use std::collections::BTreeMap;

use crate::base::units::F32_BYTES;
use crate::report::draw::net::Form;
use crate::report::draw::net::Net;
use crate::report::draw::words;
use crate::report::picture::Scene;

/// How a drawing is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// The text in boxes.
    pub(super) em: i32,
    /// Names.
    pub(super) name: i32,
    /// The height that the most expensive box has above its text.
    pub(super) tallest: i32,
    /// The widest box in a module.
    pub(super) widest: i32,
    /// The widest ribbon.
    pub(super) thickest: i32,
    /// The thinnest one.
    pub(super) thinnest: i32,
    /// Space between rows, in tenths of the em.
    pub(super) air: i32,
    /// Whether boxes carry their multiply-adds and links their channels.
    pub(super) numbers: bool,
}

impl Style {
    /// A number of tenths of the em.
    pub(super) const fn tenths(&self, tenths: i32) -> i32 {
        self.em * tenths / 10
    }

    /// Between rows of a module.
    pub(super) const fn row_gap(&self) -> i32 {
        self.tenths(self.air)
    }

    /// Where links part or join.
    pub(super) const fn bend(&self) -> i32 {
        self.tenths(self.air * 16 / 10)
    }

    /// Between boxes of a chain.
    pub(super) const fn chain_gap(&self) -> i32 {
        self.tenths(self.air)
    }

    /// The bar of a join.
    pub(super) const fn bar(&self) -> i32 {
        self.tenths(5)
    }

    /// Between a frame and what is in it.
    pub(super) const fn pad(&self) -> i32 {
        self.tenths(4)
    }

    /// A line of text in a box.
    pub(super) const fn line(&self) -> i32 {
        self.tenths(12)
    }
}

/// The scales of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scales {
    /// The multiply-adds of the most expensive box.
    pub(super) most_madds: u64,
    /// The width of a ribbon of so many bytes.
    pub(super) ribbon: (i32, u64),
}

impl Scales {
    /// The height that a box has above its text.
    pub(super) fn rise(&self, style: &Style, madds: u64) -> i32 {
        (i128::from(style.tallest) * i128::from(madds) / i128::from(self.most_madds.max(1))) as i32
    }

    /// The width of a ribbon.
    pub(super) fn width(&self, style: &Style, bytes: u64) -> i32 {
        let (width, of) = self.ribbon;
        ((i128::from(width) * i128::from(bytes) / i128::from(of.max(1))) as i32).max(style.thinnest)
    }

    /// Makes ribbons thinner until `bytes` take at most `width`.
    pub(super) fn fit(&mut self, width: i32, bytes: u64) {
        let (most, of) = self.ribbon;
        if i128::from(most) * i128::from(bytes) > i128::from(width) * i128::from(of) {
            self.ribbon = (width, bytes);
        }
    }
}

/// The bytes of a link, batch 1.
pub(super) fn bytes(net: &Net, link: usize) -> u64 {
    (net.links[link].shape.elements() * u128::from(F32_BYTES)).try_into().unwrap_or(u64::MAX)
}

/// A box's words on lines of at most `most`, as few as they need: all on one, each part on one, else broken between words.
pub(super) fn lines(scene: &Scene, parts: &[String], em: i32, most: i32) -> Vec<String> {
    let fits = |line: &str| scene.measure(line, em, false) <= most;
    let whole = words::line(parts);
    if fits(&whole) {
        return vec![whole];
    }
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let start = lines.len();
        for word in part.split(' ') {
            let longer = lines.get(start..).and_then(<[String]>::last).map(|line| format!("{line} {word}"));
            match longer.filter(|line| fits(line)) {
                Some(line) => *lines.last_mut().expect("a line was made longer") = line,
                None => lines.push(scene.cut(word, em, false, most)),
            }
        }
    }
    lines
}

/// The narrowest box that holds a layer's longest word.
pub(super) fn narrowest(scene: &Scene, net: &Net, at: usize, em: i32) -> i32 {
    let layer = &net.layers[at];
    if layer.form == Form::Join {
        return 0;
    }
    let words = words::line(&layer.words);
    words.split(' ').map(|word| scene.measure(word.trim_end_matches(','), em, false)).max().unwrap_or(0) + em / 2
}

/// The sum of some multiply-adds for each box, over the copies that it stands for.
pub(super) fn sums(net: &Net, copies: &[Vec<usize>]) -> BTreeMap<usize, (usize, u64)> {
    let Some(first) = copies.first() else { return BTreeMap::new() };
    let all = |position: usize| copies.iter().map(|copy| net.layers[copy[position]].madds).sum();
    first.iter().enumerate().map(|(position, &at)| (at, (copies.len(), all(position)))).collect()
}
