//! The specs of this repository, embedded: `nas analyze googlenet` works wherever the binary is.

macro_rules! built_in {
    ($($name:literal)*) => {
        /// Name and text of each, in the order of their names.
        pub const BUILT_IN: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../specs/", $name, ".yaml"))),)*];
    };
}

built_in! {
    "alexnet"
    "bn-inception"
    "cifar-inception"
    "cifar-inception-small"
    "convnext_tiny"
    "densenet121"
    "efficientnet_b0"
    "googlenet"
    "googlenet-floor"
    "googlenet-naive"
    "googlenet-sepconv"
    "googlenet-space"
    "googlenet-torchvision"
    "inception-module-naive"
    "inception-module-reduced"
    "inception-resnet-v2"
    "inception-v3"
    "inception-v4"
    "lenet5"
    "mnasnet1_0"
    "mobilenet_v2"
    "mobilenet_v3_small"
    "naive-vs-reduced"
    "nas-bench-macro"
    "nin"
    "overfeat-fast"
    "regnet_y_400mf"
    "resnet18"
    "resnet50"
    "shufflenet_v2_x1_0"
    "squeezenet1_1"
    "tiny-space"
    "vgg16"
    "zfnet"
}

/// The text of a built-in spec, with or without its extension.
pub(super) fn find(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix(".yaml").unwrap_or(name);
    BUILT_IN.iter().find(|(built_in, _)| *built_in == name).map(|(_, text)| *text)
}
