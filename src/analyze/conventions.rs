//! The conventions, as data. Each was read in the tool's source at the version named and, on torchvision's GoogLeNet, run: see
//! `docs/conventions.md`.
//!
//! What a tool does not know it counts as nothing; here it has no term. Sums and products of maps are written `a + b` and `a * b` in
//! almost every model, which none of the PyTorch tools counts.

use crate::analyze::convention::Convention;
use crate::analyze::convention::Form;
use crate::analyze::convention::Measure;
use crate::analyze::convention::Term;
use crate::analyze::convention::Unit;
use crate::op::Class;
use crate::op::Function;

/// Sums of products with weights.
const CONTRACTIONS: &[Class] = &[Class::Convolution, Class::Linear];
/// All pools.
const POOLS: &[Class] = &[Class::MaxPool, Class::GlobalMaxPool, Class::AvgPool, Class::GlobalAvgPool];

const fn term(classes: &'static [Class], weight: i64, measure: Measure, what: &'static str) -> Term {
    Term { classes, weight, measure, what }
}

/// Each multiply-add once: the first term of every convention that counts so.
const MADDS: Term = term(CONTRACTIONS, 1, Measure::Madds, "multiply-adds");
/// Each as a multiplication and an addition.
const TWICE: Term = term(CONTRACTIONS, 2, Measure::Madds, "multiply-adds as two operations each");
/// Biases of convolutions and linear layers.
const BIASES: Term = term(CONTRACTIONS, 1, Measure::Adds, "biases, one an output element");
/// Batch norm as a multiplication and an addition.
const BATCH_NORM: Term = term(&[Class::BatchNorm], 2, Measure::Outputs, "batch norm, 2 an element");
/// Layer norm as `fvcore` and `DeepSpeed` estimate it.
const LAYER_NORM: Term = term(&[Class::LayerNorm], 5, Measure::Outputs, "layer norm, 5 an element");
/// PyTorch's local response normalisation is a product, an average pool, a product and a sum.
const RESPONSE_NORM: Term = term(&[Class::ResponseNorm], 4, Measure::Outputs, "local response norm, 4 an element");
/// That average pool runs over the channels that are added at the sides too.
const SIDE_CHANNELS: Term =
    term(&[Class::ResponseNorm], 1, Measure::SideChannels, "local response norm, one an element of the channels at the sides");
/// Softmax in one.
const SOFTMAX: Term = term(&[Class::Softmax], 1, Measure::Outputs, "softmax, one an element");

impl Convention {
    /// Every convention, ours first.
    pub const ALL: &'static [Convention] = &[
        Convention {
            name: "madds",
            unit: Unit::Madds,
            tool: "nas",
            users: "torchvision's model tables (as GFLOPS), Caffe's and most papers' counts",
            form: Form::AsWritten,
            terms: &[MADDS],
            notes: &["Convolutions and linear layers without their biases; taps on padding included."],
        },
        Convention {
            name: "flops",
            unit: Unit::Flops,
            tool: "torch.utils.flop_counter 2.15",
            users: "PyTorch's FlopCounterMode; training budgets in operations",
            form: Form::AsWritten,
            terms: &[TWICE],
            notes: &["Nothing but convolutions and linear layers is counted, biases neither."],
        },
        Convention {
            name: "fvcore",
            unit: Unit::Flops,
            tool: "fvcore 0.1.5.post20221221",
            users: "Detectron2 and its analyze_model tool",
            form: Form::AsWritten,
            terms: &[
                MADDS,
                BATCH_NORM,
                LAYER_NORM,
                term(&[Class::GlobalAvgPool], 1, Measure::Inputs, "global average pool, one an element in"),
            ],
            notes: &[
                "It prints FLOPs, yet a multiply-add is one.",
                "Operators that it does not know are zero with a warning: maximum pools, windowed average pools, activations, local \
                 response norm, sums and products of maps.",
                "A global average is counted where the model has an AdaptiveAvgPool2d; one that calls `mean`, as torchvision's \
                 shufflenet_v2 and mnasnet do, is zero. An AdaptiveAvgPool2d that changes nothing, as in torchvision's alexnet and vgg, \
                 counts its elements.",
            ],
        },
        Convention {
            name: "thop",
            unit: Unit::Macs,
            tool: "thop 0.1.1.post2209072238",
            users: "YOLOv5 and other Ultralytics models, which print twice its number as GFLOPs",
            form: Form::AsWritten,
            terms: &[
                MADDS,
                term(&[Class::BatchNorm], 4, Measure::Outputs, "batch norm, 4 an element"),
                term(&[Class::LayerNorm], 4, Measure::Outputs, "layer norm, 4 an element"),
                term(&[Class::AvgPool], 1, Measure::Outputs, "average pool, one an element out"),
                term(&[Class::GlobalAvgPool], 1, Measure::Inputs, "global average pool, one an element in"),
                term(&[Class::GlobalAvgPool], 1, Measure::Outputs, "global average pool, one an element out"),
                term(&[Class::Softmax], 3, Measure::Outputs, "softmax, 3 an element"),
                term(&[Class::Softmax], -1, Measure::Positions, "softmax, one addition less at each position"),
            ],
            notes: &[
                "An element of a batch norm is 2 operations, doubled again for its scale and shift.",
                "Only modules are seen: what a model calls as a function is zero, and so are subclasses.",
            ],
        },
        Convention {
            name: "ptflops",
            unit: Unit::Macs,
            tool: "ptflops 0.7.5 (pytorch backend)",
            users: "OpenMMLab's get_model_complexity_info, derived from an earlier version",
            form: Form::AsWritten,
            terms: &[
                MADDS,
                BIASES,
                BATCH_NORM,
                term(&[Class::LayerNorm], 1, Measure::Outputs, "layer norm, one an element"),
                RESPONSE_NORM,
                SIDE_CHANNELS,
                term(
                    &[
                        Class::Activation(Function::Relu),
                        Class::Activation(Function::Relu6),
                        Class::Activation(Function::Leaky),
                        Class::Activation(Function::Swish),
                    ],
                    1,
                    Measure::Outputs,
                    "relu, relu6, leaky and swish, one an element",
                ),
                term(&[Class::Activation(Function::Gelu)], 2, Measure::Outputs, "gelu, twice an element"),
                term(POOLS, 2, Measure::Inputs, "pools, twice an element in"),
                SOFTMAX,
            ],
            notes: &[
                "A pool is counted twice: once as a module and once as the function that the module calls.",
                "The same happens to a relu that is a module (`nn.ReLU`); a relu called as a function, as in torchvision's GoogLeNet, \
                 is counted once, and once is counted here.",
                "Its other backend, aten, counts convolutions, linear layers and the biases of the latter.",
            ],
        },
        Convention {
            name: "torchinfo",
            unit: Unit::MultAdds,
            tool: "torchinfo 1.8.0",
            users: "the successor of torchsummary",
            form: Form::AsWritten,
            terms: &[
                MADDS,
                BIASES,
                term(&[Class::BatchNorm, Class::LayerNorm], 1, Measure::Params, "scales and shifts of norms, once an image"),
            ],
            notes: &[
                "Every weight and bias of a convolution is counted at each position, of any other module once an image.",
                "A linear layer that runs at many positions, as in torchvision's ConvNeXt, is therefore counted at one.",
            ],
        },
        Convention {
            name: "deepspeed",
            unit: Unit::Flops,
            tool: "DeepSpeed 0.19.8 (flops profiler)",
            users: "DeepSpeed; calflops, whose formulas are the same",
            form: Form::AsWritten,
            terms: &[
                TWICE,
                term(&[Class::Convolution], 1, Measure::Adds, "biases of convolutions, one an output element"),
                BATCH_NORM,
                LAYER_NORM,
                RESPONSE_NORM,
                SIDE_CHANNELS,
                term(
                    &[
                        Class::Activation(Function::Relu),
                        Class::Activation(Function::Leaky),
                        Class::Activation(Function::Swish),
                        Class::Activation(Function::Gelu),
                    ],
                    1,
                    Measure::Outputs,
                    "relu, leaky, swish and gelu, one an element",
                ),
                term(POOLS, 1, Measure::Inputs, "pools, one an element in"),
                SOFTMAX,
            ],
            notes: &[
                "Biases of linear layers are not counted.",
                "`nn.ReLU6` calls `hardtanh`, which it does not know; nor does it know the sigmoid, hyperbolic tangent and hard \
                 activations.",
                "The MACs that it prints beside the FLOPs are our multiply-adds.",
            ],
        },
        Convention {
            name: "onnx-tool",
            unit: Unit::Macs,
            tool: "onnx-tool 1.0.1",
            users: "graphs in ONNX, here as PyTorch's TorchScript exporter writes them for inference",
            form: Form::BatchNormFolded,
            terms: &[
                MADDS,
                BIASES,
                term(&[Class::BatchNorm], 31, Measure::Outputs, "batch norm that is not folded, 31 an element"),
                term(&[Class::LayerNorm], 7, Measure::Outputs, "layer norm, 7 an element"),
                term(&[Class::LayerNorm], 29, Measure::Positions, "layer norm, 29 a position"),
                term(&[Class::ResponseNorm], 1, Measure::Adds, "local response norm, size + 1 an element"),
                term(&[Class::ResponseNorm], 36, Measure::Outputs, "local response norm, 36 an element"),
                term(&[Class::Scale], 1, Measure::Arithmetic, "scales and shifts, one an operation"),
                term(&[Class::Activation(Function::Relu)], 1, Measure::Outputs, "relu, one an element"),
                term(
                    &[Class::Activation(Function::Relu6), Class::Activation(Function::Leaky)],
                    2,
                    Measure::Outputs,
                    "relu6 and leaky, 2 an element",
                ),
                term(&[Class::Activation(Function::Sigmoid)], 32, Measure::Outputs, "sigmoid, 32 an element"),
                term(&[Class::Activation(Function::Swish)], 33, Measure::Outputs, "swish, 33 an element"),
                term(&[Class::Activation(Function::Tanh)], 76, Measure::Outputs, "hyperbolic tangent, 76 an element"),
                term(&[Class::Activation(Function::Hsigmoid)], 4, Measure::Outputs, "hsigmoid, 4 an element"),
                term(&[Class::Activation(Function::Hswish)], 5, Measure::Outputs, "hswish, 5 an element"),
                term(&[Class::Activation(Function::Gelu)], 7, Measure::Outputs, "gelu, 7 an element"),
                term(&[Class::MaxPool], 1, Measure::Comparisons, "maximum pool, one a tap"),
                term(&[Class::AvgPool], 1, Measure::Adds, "average pool, one a tap"),
                term(&[Class::GlobalAvgPool], 1, Measure::Inputs, "global average pool, one an element in"),
                term(&[Class::GlobalAvgPool], 4, Measure::Outputs, "global average pool, 4 an element out"),
                term(&[Class::Softmax], 36, Measure::Outputs, "softmax, 36 an element"),
                term(&[Class::Elementwise], 1, Measure::Arithmetic, "sums and products of maps, one an operation"),
            ],
            notes: &[
                "The exporter folds a batch norm into the convolution before it, which thereby has a bias, and drops dropout.",
                "Its own prices: a division is 4, a root 24, an exponential 32.",
                "A gelu is exported as a division, an error function (free), a sum and two products.",
            ],
        },
    ];
}
