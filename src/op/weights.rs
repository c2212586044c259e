//! How the weights of a contraction start, and whether training changes them.

use std::fmt;

use crate::base::Code;
use crate::base::Diagnostic;
use crate::op::Fields;
use crate::op::Mismatch;
use crate::op::Param;
use crate::op::ParamRole;
use crate::op::Setting;
use crate::op::Takes;
use crate::op::Window;
use crate::op::Written;

/// A rule that weights are drawn or laid out by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WeightInit {
    /// Normal with variance `2 / fan_in` (He et al. 2015), for weights before a rectifier.
    He,
    /// Uniform with variance `2 / (fan_in + fan_out)` (Glorot and Bengio 2010).
    Xavier,
    /// A bank of Gabor filters, plane waves of several directions and lengths under a Gaussian, one an output channel (Gabor 1946,
    /// Daugman 1985): the fixed first layer of Serre et al. 2007, to which the Inception module is likened. Needs a plane of taps.
    Gabor,
}

impl WeightInit {
    const ALL: [WeightInit; 3] = [WeightInit::He, WeightInit::Xavier, WeightInit::Gabor];
    /// The words that a convolution knows.
    const WORDS: &[&str] = &["he", "xavier", "gabor"];
    /// Those that a layer without a window knows.
    const WORDS_WITHOUT_WINDOW: &[&str] = &["he", "xavier"];

    /// Its word in the spec language.
    pub const fn name(self) -> &'static str {
        match self {
            WeightInit::He => "he",
            WeightInit::Xavier => "xavier",
            WeightInit::Gabor => "gabor",
        }
    }
}

/// The word.
impl fmt::Display for WeightInit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a convolution, depthwise or linear layer says of its weights and bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Weights {
    /// Whether training changes weights and bias. They are parameters in either case.
    pub trainable: bool,
    /// The start of the weights; a bias starts at 0.
    pub init: WeightInit,
}

impl Weights {
    /// Learned from a start by He's rule: the default of convolutions.
    pub const HE: Weights = Weights { trainable: true, init: WeightInit::He };
    /// Learned from a start by Glorot's rule: the default of linear layers.
    pub const XAVIER: Weights = Weights { trainable: true, init: WeightInit::Xavier };
    /// Gabor filters that stay as they are.
    pub const FIXED_GABOR: Weights = Weights { trainable: false, init: WeightInit::Gabor };

    /// The page's line on `trainable`.
    pub(super) const TRAINABLE: Setting = Setting {
        name: "trainable",
        takes: Takes::Truth,
        default: "true",
        doc: "whether training changes weights and bias; they are counted as parameters either way",
    };
    /// The page's line on `init`, of a convolution.
    pub(super) const INIT: Setting = Setting {
        name: "init",
        takes: Takes::Word(WeightInit::WORDS),
        default: "he",
        doc: "how weights start: normal by fan in, uniform by both fans, or Gabor filters, which need 2x2 taps at least",
    };
    /// The page's line on `init`, of a linear layer.
    pub(super) const INIT_WITHOUT_WINDOW: Setting = Setting {
        name: "init",
        takes: Takes::Word(WeightInit::WORDS_WITHOUT_WINDOW),
        default: "xavier",
        doc: "how weights start: normal by fan in, or uniform by both fans",
    };

    /// Reads both settings where they are written, over these.
    pub(super) fn read(self, fields: &mut Fields<'_>) -> Weights {
        let trainable = fields.truth("trainable").unwrap_or(self.trainable);
        let word = fields.word("init");
        let init = word.and_then(|word| WeightInit::ALL.into_iter().find(|init| init.name() == word));
        Weights { trainable, init: init.unwrap_or(self.init) }
    }

    /// As [`Weights::read`], and refuses Gabor filters that would have no plane; `kernel` is the key behind which the window stands.
    pub(super) fn read_over(self, fields: &mut Fields<'_>, window: Window, kernel: &str) -> Weights {
        let weights = self.read(fields);
        if weights.lacks_plane(window) && !fields.reading.failed {
            let [h, w] = window.kernel;
            let message = "`init: gabor` needs a window of two rows and two columns at least";
            let fault = Diagnostic::new(Code::E0217, fields.span_of("init"), message, "waves in a plane");
            let fault = fault.with_label(fields.span_of(kernel), format!("the window is {h}x{w}"));
            fields.fault(fault.with_help("take a larger kernel, or `init: he`"));
        }
        weights
    }

    /// Writes both settings.
    pub(super) fn write(self, out: &mut Written) {
        out.set("trainable", self.trainable);
        out.set("init", self.init);
    }

    /// The refusal of a window in which Gabor filters would have no plane.
    pub(super) fn fit(self, window: Window) -> Result<(), Mismatch> {
        if !self.lacks_plane(window) {
            return Ok(());
        }
        let [h, w] = window.kernel;
        Err(Mismatch::new(Code::E0217, format!("has Gabor filters in a window of {h}x{w}"))
            .with_help("`init: gabor` needs two rows and two columns of taps"))
    }

    /// The tensors of a contraction: its weights, and a bias of so many numbers, which is frozen with them.
    pub(super) fn with_bias(self, weight: Param, bias: Option<u32>) -> Vec<Param> {
        let bias = bias.map(|channels| Param::per_channel(ParamRole::Bias, channels, 0.0));
        let bias = bias.map(|bias| Param { trainable: self.trainable, ..bias });
        std::iter::once(weight).chain(bias).collect()
    }

    fn lacks_plane(self, window: Window) -> bool {
        self.init == WeightInit::Gabor && window.kernel.contains(&1)
    }
}
