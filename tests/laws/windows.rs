//! The laws on random windows over random maps.

use nas::base::Shape;
use nas::op::AvgPool;
use nas::op::Conv;
use nas::op::Depthwise;
use nas::op::MaxPool;
use nas::op::Op;
use nas::op::Pad;
use nas::op::Window;
use proptest::prelude::*;

use crate::run::Case;

fn pair(range: std::ops::RangeInclusive<u32>) -> impl Strategy<Value = [u32; 2]> {
    prop::array::uniform2(range)
}

fn windows() -> impl Strategy<Value = Window> {
    let sides = prop::array::uniform2(pair(0..=4)).prop_map(Pad::Sides);
    let pads = prop_oneof![3 => sides, 1 => Just(Pad::Same), 1 => Just(Pad::NONE)];
    (pair(1..=5), pair(1..=4), pair(1..=3), pads, any::<bool>()).prop_map(|(mut kernel, stride, dilation, pad, ceil)| {
        if pad == Pad::Same {
            kernel = kernel.map(|side| side | 1);
        }
        Window { kernel, stride, dilation, pad, ceil }
    })
}

fn maps() -> impl Strategy<Value = Shape> {
    (1_u32..=3, 1_u32..=9, 1_u32..=9).prop_map(|(c, h, w)| Shape::new(c, h, w))
}

/// The operators that have this window: convolutions never round up, pools have no dilation.
fn operators(window: Window, bias: bool, multiplier: u32) -> [Op; 5] {
    let rounded_down = Window { ceil: false, ..window };
    let pool = Some(Window { dilation: [1, 1], ..window });
    [
        Op::Conv(Conv { window: rounded_down, bias, ..Conv::new(2, 1) }),
        Op::Depthwise(Depthwise { window: rounded_down, multiplier, bias, ..Depthwise::new(1) }),
        Op::MaxPool(MaxPool { window: pool }),
        Op::AvgPool(AvgPool { window: pool, count_pad: true }),
        Op::AvgPool(AvgPool { window: pool, count_pad: false }),
    ]
}

fn window_of(op: &Op) -> Window {
    match op {
        Op::Conv(conv) => conv.window,
        Op::Depthwise(depthwise) => depthwise.window,
        Op::MaxPool(MaxPool { window: Some(window) }) | Op::AvgPool(AvgPool { window: Some(window), .. }) => *window,
        other => unreachable!("{other:?} has no window"),
    }
}

/// The positions of one axis by the grammar of the language, and whether one of them lies wholly beside the map.
fn axis(window: &Window, axis: usize, size: u32) -> Option<(u32, bool)> {
    let [kernel, stride, dilation] = [window.kernel, window.stride, window.dilation].map(|pair| i64::from(pair[axis]));
    let [before, after] = match window.pad {
        Pad::Same => [dilation * (kernel - 1) / 2; 2],
        Pad::Sides(sides) => sides[axis].map(i64::from),
    };
    let size = i64::from(size);
    let room = size + before + after - (dilation * (kernel - 1) + 1);
    if room < 0 {
        return None;
    }
    let mut positions = if window.ceil { (room + stride - 1) / stride + 1 } else { room / stride + 1 };
    if window.ceil && (positions - 1) * stride >= size + before {
        positions -= 1;
    }
    let beside = |at: i64| !(0..size).contains(&at);
    let is_empty = |position: i64| (0..kernel).all(|tap| beside(position * stride + tap * dilation - before));
    Some((positions as u32, (0..positions).any(is_empty)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn random_windows_obey_the_laws(window in windows(), map in maps(), bias: bool, multiplier in 1_u32..=3) {
        for op in operators(window, bias, multiplier) {
            let window = window_of(&op);
            let grid = axis(&window, 0, map.h).zip(axis(&window, 1, map.w));
            let needs_taps = matches!(op, Op::MaxPool(_) | Op::AvgPool(AvgPool { count_pad: false, .. }));
            let refusal = match grid {
                None => Some("E0401"),
                Some(((_, empty), (_, empty_too))) => (needs_taps && (empty || empty_too)).then_some("E0405"),
            };
            let shape = op.shape(&[map]);
            prop_assert_eq!(shape.as_ref().err().map(|refusal| refusal.code.name()), refusal, "{:?} on {}", op, map);
            let (Ok(out), Some(((h, _), (w, _)))) = (shape, grid) else { continue };
            prop_assert_eq!([out.h, out.w], [h, w], "{:?} on {}", op, map);
            let case = Case::new(op, vec![map]).expect("accepted before");
            crate::values::holds(&case);
            crate::counting::holds(&case);
            crate::formulas::holds(&case);
            crate::language::writes_what_it_reads(&case.op);
        }
    }
}
