//! The specs of this repository, embedded: `nas analyze googlenet` works wherever the binary is.

macro_rules! built_in {
    ($($name:literal)*) => {
        /// Name and text of each, in the order of their names.
        pub const BUILT_IN: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../specs/", $name, ".yaml"))),)*];
    };
}

built_in! {
    "alexnet"
    "cifar-inception"
    "cifar-inception-small"
    "googlenet"
    "googlenet-floor"
    "googlenet-naive"
    "googlenet-sepconv"
    "googlenet-torchvision"
    "inception-module-naive"
    "inception-module-reduced"
    "lenet5"
    "naive-vs-reduced"
    "tiny-space"
}

/// The text of a built-in spec, with or without its extension.
pub(super) fn find(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix(".yaml").unwrap_or(name);
    BUILT_IN.iter().find(|(built_in, _)| *built_in == name).map(|(_, text)| *text)
}
