//! What the two pools share: reading and writing their window, and folding its taps.
//!
//! A global pool is one window of the input's size.

use crate::base::Code;
use crate::base::Diagnostic;
use crate::base::Shape;
use crate::op::Fields;
use crate::op::Figure;
use crate::op::Formula;
use crate::op::Forward;
use crate::op::Pad;
use crate::op::Real;
use crate::op::Setting;
use crate::op::Takes;
use crate::op::Window;
use crate::op::Written;
use crate::op::positions;

/// The main value of a pool.
pub(super) const MAIN: Setting = Setting {
    name: "kernel",
    takes: Takes::WindowOrGlobal,
    default: "-",
    doc: "taps, `n` or `[height, width]`; `global` is one window over the whole map",
};
/// Its step.
pub(super) const STRIDE: Setting =
    Setting { name: "stride", takes: Takes::Window, default: "1", doc: "step between output positions" };
/// Its padding.
pub(super) const PAD: Setting =
    Setting { name: "pad", takes: Takes::Pad, default: "0", doc: "positions around the map that hold no value" };
/// Its rounding.
pub(super) const CEIL: Setting = Setting {
    name: "ceil",
    takes: Takes::Truth,
    default: "false",
    doc: "the last window may hang over the trailing edge, if it starts inside the map or its leading padding",
};

/// Reads a pool's window; nothing for `global`, which excludes every setting that places windows.
pub(super) fn read_window(fields: &mut Fields<'_>) -> Option<Window> {
    let kernel = fields.main_window_or_global();
    let window = Window {
        kernel: kernel.unwrap_or([1, 1]),
        stride: fields.window("stride", [1, 1]),
        dilation: [1, 1],
        pad: fields.pad(Pad::NONE),
        ceil: fields.truth("ceil").unwrap_or(false),
    };
    if kernel.is_some() {
        window.refuse_even_same(fields, fields.word);
        return Some(window);
    }
    // `defaults` are meant for the other pools of their kind.
    let idle = [("stride", window.stride != [1, 1]), ("pad", window.pad != Pad::NONE), ("ceil", window.ceil)];
    for (name, differs) in idle {
        if !differs || !fields.is_written(name) {
            continue;
        }
        let message = format!("`{}: global` and `{name}` exclude each other", fields.word);
        let fault = Diagnostic::new(Code::E0217, fields.span_of(name), message, "there is only one window");
        fields.fault(fault.with_help(format!("drop `{name}`")));
    }
    None
}

/// Writes a pool's kernel and what places its windows.
pub(super) fn write_window(window: Option<Window>, word: &'static str, out: &mut Written) {
    let Some(window) = window else { return out.main(word, "global") };
    let [h, w] = window.kernel;
    out.main(word, format!("[{h}, {w}]"));
    window.write(out);
    out.set("ceil", window.ceil);
}

/// The window, that of a global pool being the whole map.
pub(super) fn window_on(window: Option<Window>, input: Shape) -> Window {
    window.unwrap_or(Window::of([input.h, input.w]))
}

/// Folds the taps of every position with `join`, from `start`, which is also the value of taps beside the input, and lets
/// `finish` end the fold of position `(y, x)`.
pub(super) fn fold_taps<T: Real>(
    mut step: Forward<'_, T>,
    window: Window,
    start: f64,
    join: impl Fn(T, T) -> T,
    finish: impl Fn(T, u32, u32) -> T,
) {
    let (input, out) = (step.inputs[0], step.out.shape);
    let [kh, kw] = window.kernel;
    for image in 0..input.images {
        let beside = input.at(image, 0, 0, 0).outside(start);
        for (c, y, x) in positions(out) {
            let mut folded = T::of(start);
            for (dy, dx) in (0..kh).flat_map(|dy| (0..kw).map(move |dx| (dy, dx))) {
                let row = window.tap(0, input.shape.h, y, dy);
                let column = window.tap(1, input.shape.w, x, dx);
                folded = join(folded, row.zip(column).map_or(beside, |(row, column)| input.at(image, c, row, column)));
            }
            step.out.set(image, c, y, x, finish(folded, y, x));
        }
    }
}

/// The formulas of one operation for each tap.
pub(super) fn formulas(figure: Figure, window: Window, input: Shape, out: Shape) -> Vec<Formula> {
    let [kh, kw] = window.kernel;
    let factors =
        [("c", out.c), ("kh", kh), ("kw", kw), ("H", out.h), ("W", out.w)].map(|(name, number)| (name, u128::from(number)));
    let taps = Formula::product(figure, &factors);
    std::iter::once(taps).chain(window.padding_formula(&factors[..1], input, out)).collect()
}
