//! The `train` section.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Real64;
use crate::base::Sources;
use crate::spec::read::Reader;
use crate::spec::settings::Settings;
use crate::spec::settings::words;
use crate::spec::vocabulary::TRAIN;
use crate::yaml::Key;
use crate::yaml::Kind;
use crate::yaml::Node;

words! {
    /// How weights follow their gradients.
    Optimizer {
        /// Stochastic gradient descent with momentum (Sutskever et al. 2013).
        Sgd "sgd",
        /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
        AdamW "adamw",
    }
}

words! {
    /// How the learning rate falls after the warm-up.
    Schedule {
        /// Not at all.
        Constant "constant",
        /// By a factor each so many epochs.
        Step "step",
        /// Along half a cosine to zero (Loshchilov and Hutter 2017).
        Cosine "cosine",
        /// Linearly to zero.
        Linear "linear",
        /// As a power of the share of steps that is left.
        Polynomial "polynomial",
        /// Up along half a cosine for three tenths of the steps, then down along another to nearly nothing (Smith 2018).
        OneCycle "one_cycle",
    }
}

words! {
    /// How training images are varied.
    Augment {
        /// Not at all.
        None "none",
        /// Shifted by up to an eighth of each side over zeros, and mirrored: what is usual on CIFAR.
        Cifar "cifar",
        /// A part of 8 to 100 % of the area and of aspect 3/4 to 4/3, mirrored, in changed light: Szegedy et al. 2015, section 6.
        Paper "paper",
    }
}

/// The `train` section.
#[derive(Clone, Debug, PartialEq)]
pub struct Train {
    /// Passes over the training images.
    pub epochs: u32,
    /// Images of one step.
    pub batch: u32,
    /// Parts in which a step computes its batch; their gradients are added.
    pub accumulate: u32,
    /// How weights follow their gradients.
    pub optimizer: Optimizer,
    /// Learning rate at its highest.
    pub lr: Real64,
    /// Share of the last step's direction that is kept; the first beta of `AdamW`.
    pub momentum: Real64,
    /// Nesterov's momentum.
    pub nesterov: bool,
    /// Share of the mean square that `AdamW` keeps.
    pub beta2: Real64,
    /// What `AdamW` adds to the root of the mean square.
    pub epsilon: Real64,
    /// Decay of weights; biases and normalisations do not decay.
    pub weight_decay: Real64,
    /// How the learning rate falls.
    pub schedule: Schedule,
    /// Of the polynomial schedule.
    pub power: Real64,
    /// Epochs between two falls of the step schedule; 0 takes a third of all.
    pub step_epochs: u32,
    /// What a fall of the step schedule multiplies by.
    pub step_factor: Real64,
    /// Epochs over which the learning rate rises from zero.
    pub warmup: u32,
    /// Share of the target that is spread over all classes.
    pub label_smoothing: Real64,
    /// Longest gradient, as its Euclidean norm over all weights; 0 does not bound it.
    pub clip: Real64,
    /// Share of the running average of weights that a step keeps; 0 keeps no average.
    pub ema: Real64,
    /// How images are varied.
    pub augment: Augment,
    /// Side of a square that is blanked, in pixels.
    pub cutout: u32,
    /// Share of the training images that is set aside to choose by, unless the data set does it.
    pub validation: Real64,
    /// Epochs without a better validation after which training stops; 0 never stops.
    pub patience: u32,
    /// Seed of all randomness.
    pub seed: u32,
}

impl Train {
    /// Every setting as the section writes it, defaults included, in the order of the reference.
    pub fn written(&self) -> Vec<(&'static str, String)> {
        vec![
            ("epochs", self.epochs.to_string()),
            ("batch", self.batch.to_string()),
            ("accumulate", self.accumulate.to_string()),
            ("optimizer", word_of(Optimizer::ALL, &self.optimizer)),
            ("lr", self.lr.to_string()),
            ("momentum", self.momentum.to_string()),
            ("nesterov", self.nesterov.to_string()),
            ("beta2", self.beta2.to_string()),
            ("epsilon", self.epsilon.to_string()),
            ("weight_decay", self.weight_decay.to_string()),
            ("schedule", word_of(Schedule::ALL, &self.schedule)),
            ("power", self.power.to_string()),
            ("step_epochs", self.step_epochs.to_string()),
            ("step_factor", self.step_factor.to_string()),
            ("warmup", self.warmup.to_string()),
            ("label_smoothing", self.label_smoothing.to_string()),
            ("clip", self.clip.to_string()),
            ("ema", self.ema.to_string()),
            ("augment", word_of(Augment::ALL, &self.augment)),
            ("cutout", self.cutout.to_string()),
            ("validation", self.validation.to_string()),
            ("patience", self.patience.to_string()),
            ("seed", self.seed.to_string()),
        ]
    }
}

fn word_of<T: PartialEq>(words: &[(T, &str)], wanted: &T) -> String {
    let found = words.iter().find(|(word, _)| word == wanted);
    found.map_or_else(String::new, |(_, word)| (*word).to_owned())
}

/// Reads the `train` section.
pub(in crate::spec) fn read_train(reader: &mut Reader<'_>, key: &Key, value: &Node) -> Train {
    let entries = reader.entries(key, value);
    let told: Vec<bool> = entries.iter().map(|(_, value)| reader.has_told(value.span)).collect();
    let settings = Settings { table: TRAIN, section: &key.text, entries, base: &[], faults: &mut reader.faults };
    settled(settings, &told)
}

/// The settings of a spec, or the defaults, with some written anew by flags: each a name of the table and a value. What is wrong with a
/// value is told at its flag.
pub fn train_with(of_spec: Option<&Train>, flags: &[(&str, &str)], sources: &mut Sources) -> (Train, Vec<Diagnostic>) {
    let base = of_spec.map(Train::written).unwrap_or_default();
    let entries: Vec<(Key, Node)> = flags
        .iter()
        .map(|(name, value)| {
            let file = sources.add_argument(&format!("--{}", name.replace('_', "-")), value);
            let span = sources.whole(file);
            (Key { text: (*name).into(), span }, Node { span, kind: Kind::Scalar((*value).into()) })
        })
        .collect();
    let mut faults = Vec::new();
    let settings = Settings { table: TRAIN, section: "train", entries: &entries, base: &base, faults: &mut faults };
    let train = settled(settings, &vec![false; entries.len()]);
    (train, faults)
}

fn settled(mut settings: Settings<'_>, told: &[bool]) -> Train {
    let train = Train {
        epochs: settings.count("epochs", 1),
        batch: settings.count("batch", 1),
        accumulate: settings.count("accumulate", 1),
        optimizer: settings.word("optimizer", Optimizer::ALL),
        lr: settings.real("lr", 0.0, 1e6),
        momentum: settings.real("momentum", 0.0, 1.0),
        nesterov: settings.truth("nesterov"),
        beta2: settings.real("beta2", 0.0, 1.0),
        epsilon: settings.real("epsilon", 1e-12, 1.0),
        weight_decay: settings.real("weight_decay", 0.0, 1.0),
        schedule: settings.word("schedule", Schedule::ALL),
        power: settings.real("power", 0.0, 100.0),
        step_epochs: settings.count("step_epochs", 0),
        step_factor: settings.real("step_factor", 0.0, 1.0),
        warmup: settings.count("warmup", 0),
        label_smoothing: settings.real("label_smoothing", 0.0, 1.0),
        clip: settings.real("clip", 0.0, 1e6),
        ema: settings.real("ema", 0.0, 1.0),
        augment: settings.word("augment", Augment::ALL),
        cutout: settings.count("cutout", 0),
        validation: settings.real("validation", 0.0, 0.9),
        patience: settings.count("patience", 0),
        seed: settings.count("seed", 0),
    };
    let known_part = |name: &str| {
        let found = settings.entries.iter().zip(told).find(|((key, _), _)| &*key.text == name);
        found.is_none_or(|((_, value), told)| !told && !settings.faults.iter().any(|fault| fault.span() == value.span))
    };
    let place = |name: &str, or: &str| {
        let at = |name: &str| settings.entries.iter().find(|(key, _)| &*key.text == name).map(|(_, value)| value.span);
        at(name).or_else(|| at(or))
    };
    let mut together = Vec::new();
    if train.warmup > train.epochs && known_part("epochs") && known_part("warmup") {
        together.extend(
            place("warmup", "epochs").map(|at| (at, format!("`warmup` lasts {} epochs of {}", train.warmup, train.epochs))),
        );
    }
    if !train.batch.is_multiple_of(train.accumulate) && known_part("batch") && known_part("accumulate") {
        let message = format!("a batch of {} has no {} equal parts", train.batch, train.accumulate);
        together.extend(place("accumulate", "batch").map(|at| (at, message)));
    }
    settings.faults.extend(together.into_iter().map(|(at, message)| Diagnostic::new(Code::E0303, at, message, "")));
    settings.finish();
    train
}
