//! A data set in numbers, as a table or JSON.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::units;
use crate::data::CacheUse;
use crate::data::Dataset;
use crate::data::Part;
use crate::data::SizeMet;

/// Sizes and bad files in a table, at most.
const MOST_LINES: usize = 20;

/// Name of the form of [`Summary`].
const DATA: &str = "nas.data/1";

/// A data set in numbers.
#[derive(Serialize, JsonSchema)]
pub(in crate::cli) struct Summary {
    /// `nas.data/1`.
    #[schemars(extend("const" = DATA))]
    schema: &'static str,
    /// The form.
    kind: &'static str,
    /// Of an image as it is kept.
    channels: usize,
    /// In pixels, as it is kept.
    height: usize,
    /// In pixels, as it is kept.
    width: usize,
    /// As many.
    images: Counts,
    /// In the order of their labels.
    classes: Vec<Class>,
    /// Sizes in the files.
    sizes: Vec<SizeMet>,
    /// Of each channel of the training set, of values from 0 to 1.
    mean: Vec<f64>,
    /// Its deviation.
    deviation: Vec<f64>,
    /// Files that cannot be used.
    bad: Vec<Bad>,
    /// What the cache did.
    cache: CacheUse,
}

/// Images of each part.
#[derive(Serialize, JsonSchema)]
struct Counts {
    /// To learn from.
    train: usize,
    /// Those that the data set itself keeps for validation.
    val: usize,
    /// For testing.
    test: usize,
}

impl Counts {
    fn new(of: impl Fn(Part) -> usize) -> Counts {
        Counts { train: of(Part::Train), val: of(Part::Validation), test: of(Part::Test) }
    }

    fn of(&self, part: Part) -> usize {
        match part {
            Part::Train => self.train,
            Part::Validation => self.val,
            Part::Test => self.test,
        }
    }
}

/// A class.
#[derive(Serialize, JsonSchema)]
struct Class {
    /// Its name.
    name: String,
    /// As many are of it.
    images: Counts,
}

/// A file that cannot be used.
#[derive(Serialize, JsonSchema)]
struct Bad {
    /// Where it is.
    path: String,
    /// Why.
    reason: String,
}

impl Summary {
    pub(super) fn new(dataset: &Dataset) -> Summary {
        let [channels, height, width] = dataset.shape();
        let counts = dataset.parts.each_ref().map(|images| images.counts(dataset.classes.len()));
        let classes = dataset.classes.iter().enumerate();
        let class =
            |(at, name): (usize, &String)| Class { name: name.clone(), images: Counts::new(|part| counts[part as usize][at]) };
        let statistics = dataset.train().statistics();
        Summary {
            schema: DATA,
            kind: dataset.kind.name(),
            channels,
            height,
            width,
            images: Counts::new(|part| dataset.part(part).len()),
            classes: classes.map(class).collect(),
            sizes: dataset.sizes.clone(),
            mean: statistics.mean,
            deviation: statistics.deviation,
            bad: dataset.bad.iter().map(|bad| Bad { path: bad.path.clone(), reason: bad.fault.to_string() }).collect(),
            cache: dataset.cache,
        }
    }

    pub(super) fn table(&self) -> String {
        let parts: Vec<Part> = Part::ALL.into_iter().filter(|part| self.images.of(*part) > 0).collect();
        let line = |name: &str, counts: &Counts, width: usize| {
            let mut line = format!("{name:width$}");
            parts.iter().for_each(|part| line += &format!("  {:>9}", units::grouped(counts.of(*part) as u128)));
            line + "\n"
        };
        let width = self.classes.iter().map(|class| class.name.chars().count()).max().unwrap_or(0).max(7);
        let mut text =
            format!("{}, {}x{}x{}, {} classes\n\n", self.kind, self.channels, self.height, self.width, self.classes.len());
        text += &format!("{:width$}", "class");
        parts.iter().for_each(|part| text += &format!("  {:>9}", part.name()));
        text.push('\n');
        self.classes.iter().for_each(|class| text += &line(&class.name, &class.images, width));
        text += &line("images", &self.images, width);
        let row = |name, values: &[f64]| {
            let values: Vec<String> = values.iter().map(|value| format!("{value:.4}")).collect();
            format!("{name:9}  {}\n", values.join("  "))
        };
        text += &format!("\n{}{}", row("mean", &self.mean), row("deviation", &self.deviation));
        text += "           of each channel of the training set, values from 0 to 1\n\n";
        self.sizes.iter().take(MOST_LINES).for_each(|met| {
            text += &format!("size       {}x{} in {}\n", met.height, met.width, plural(met.images, "image"));
        });
        text += &more(self.sizes.len(), "size");
        match self.cache {
            CacheUse::None => {}
            CacheUse::Written => text += "cache      written\n",
            CacheUse::Used => text += "cache      used, nothing was decoded\n",
            CacheUse::Unwritable => text += "cache      cannot be written\n",
            CacheUse::Rebuilt => text += "cache      was damaged, written anew\n",
        }
        if !self.bad.is_empty() {
            text += &format!("\n{} left out\n", plural(self.bad.len(), "bad file"));
            self.bad.iter().take(MOST_LINES).for_each(|bad| text += &format!("  {}: {}\n", bad.path, bad.reason));
            text += &more(self.bad.len(), "file");
        }
        text
    }
}

fn plural(count: usize, what: &str) -> String {
    format!("{} {what}{}", units::grouped(count as u128), if count == 1 { "" } else { "s" })
}

/// What a table leaves out, JSON has.
fn more(count: usize, what: &str) -> String {
    match count.checked_sub(MOST_LINES) {
        None | Some(0) => String::new(),
        Some(left) => format!("           and {} more, listed by --json\n", plural(left, what)),
    }
}
