//! Storage, reach and growth are as declared.

use nas::base::Shape;
use nas::op::Cost;
use nas::op::Reach;
use nas::op::Storage;
use nas::op::Window;

use crate::run::Case;
use crate::run::IMAGES;

/// Pairs of an input element and an output element that hangs on it, both by `(input, element)` within the batch. A large step
/// makes any tap of a maximum the largest.
fn influences(case: &mut Case) -> Vec<(usize, usize, usize)> {
    let before = case.outputs();
    let mut found = Vec::new();
    for input in 0..case.data.len() {
        for element in 0..case.data[input].len() {
            let old = case.data[input][element];
            case.data[input][element] = old + 100.0;
            let after = case.outputs();
            case.data[input][element] = old;
            let changed = (0..before.len()).filter(|&at| after[at].to_bits() != before[at].to_bits());
            found.extend(changed.map(|output| (input, element, output)));
        }
    }
    found
}

/// Image, row and column of an element.
fn place(shape: Shape, element: usize) -> [u32; 3] {
    let (h, w) = (shape.h as usize, shape.w as usize);
    let image = element / shape.elements() as usize;
    [image as u32, (element / w % h) as u32, (element % w) as u32]
}

/// The inputs of an output position along one axis, from the definition of a window.
fn under(window: &Window, axis: usize, size: u32, position: u32) -> Vec<u32> {
    let before = match window.pad {
        nas::op::Pad::Same => i64::from(window.dilation[axis]) * (i64::from(window.kernel[axis]) - 1) / 2,
        nas::op::Pad::Sides(sides) => i64::from(sides[axis][0]),
    };
    let first = i64::from(position) * i64::from(window.stride[axis]) - before;
    let taps = (0..i64::from(window.kernel[axis])).map(|tap| first + tap * i64::from(window.dilation[axis]));
    taps.filter(|&at| (0..i64::from(size)).contains(&at)).map(|at| at as u32).collect()
}

#[test]
fn an_output_hangs_on_what_it_reaches_and_no_more() {
    for mut case in Case::all() {
        let reach = case.op.reach();
        let found = influences(&mut case);
        for &(input, element, output) in &found {
            let shape = case.inputs[input];
            let ([image, y, x], [of_image, row, column]) = (place(shape, element), place(case.out, output));
            assert_eq!(image, of_image, "{}: one image shows in another", case.name());
            let within = match reach {
                Reach::Global => true,
                Reach::Point => [y, x] == [row, column] || (shape.h, shape.w) == (1, 1),
                Reach::Window(window) => {
                    under(&window, 0, shape.h, row).contains(&y) && under(&window, 1, shape.w, column).contains(&x)
                }
            };
            assert!(within, "{}: {y}, {x} shows at {row}, {column}", case.name());
        }
        if let Reach::Window(window) = reach {
            let (shape, pixels) = (case.inputs[0], case.out.pixels() as usize);
            for pixel in 0..pixels {
                let [_, row, column] = place(case.out, pixel);
                let seen = under(&window, 0, shape.h, row).len() * under(&window, 1, shape.w, column).len();
                let mut shown: Vec<_> = found
                    .iter()
                    .filter(|&&(_, _, output)| output < case.out.elements() as usize && output % pixels == pixel)
                    .map(|&(_, element, _)| place(shape, element))
                    .collect();
                shown.sort_unstable();
                shown.dedup();
                assert_eq!(shown.len(), seen, "{}: taps that show at {row}, {column}", case.name());
            }
        }
    }
}

/// What stands where in the output, image by image.
fn image(data: &[f64], shape: Shape, image: usize) -> &[f64] {
    let size = shape.elements() as usize;
    &data[image * size..(image + 1) * size]
}

#[test]
fn storage_is_as_declared() {
    for mut case in Case::all() {
        let out = case.outputs();
        match case.op.storage(false) {
            Storage::Own => {}
            Storage::Over(first) => {
                let fits = |input: &usize| case.inputs[*input].elements() == case.out.elements();
                let homes: Vec<usize> = (0..case.inputs.len().min(first)).filter(fits).collect();
                assert!(!homes.is_empty(), "{}: no input has the output's size", case.name());
                for (input, element, output) in influences(&mut case) {
                    let in_place = !homes.contains(&input) || element == output;
                    assert!(in_place, "{}: output {output} needs element {element} of input {input}", case.name());
                }
            }
            Storage::Joins => {
                for number in 0..IMAGES {
                    let parts = case.data.iter().zip(&case.inputs).flat_map(|(data, &shape)| image(data, shape, number));
                    assert!(image(&out, case.out, number).iter().eq(parts), "{}", case.name());
                }
            }
            Storage::View { after } => {
                let start = after as usize * case.inputs[0].pixels() as usize;
                for number in 0..IMAGES {
                    let part = &image(&case.data[0], case.inputs[0], number)[start..][..case.out.elements() as usize];
                    assert_eq!(image(&out, case.out, number), part, "{}", case.name());
                }
            }
        }
        if matches!(case.op.storage(true), Storage::Over(_)) {
            assert!(!case.op.keeps(&case.inputs).inputs, "{}: trains over an input that backward needs", case.name());
        }
    }
}

/// What grows with widths: each field of the cost, the output's channels, the parameters.
fn sizes(op: &nas::op::Op, inputs: &[Shape]) -> Option<[i128; 9]> {
    let out = op.shape(inputs).ok()?;
    let Cost { madds, adds, muls, cmps, divs, exps, on_padding } = op.cost(inputs, out);
    let params = op.params(inputs).iter().map(|param| param.count).sum();
    Some([madds, adds, muls, cmps, divs, exps, on_padding, u128::from(out.c), params].map(u128::cast_signed))
}

fn is_line(points: &[Option<[i128; 9]>; 3]) -> Option<bool> {
    let [Some(a), Some(b), Some(c)] = points else { return None };
    Some((0..9).all(|at| a[at] - 2 * b[at] + c[at] == 0))
}

#[test]
fn sizes_grow_along_lines_with_every_width() {
    let steps = [1, 2, 3];
    for case in Case::all() {
        let mut grew = false;
        let count = case.inputs.len();
        let groups = (0..count).map(|input| input..input + 1).chain(std::iter::once(0..count));
        for (group, step) in groups.flat_map(|group| steps.map(|step| (group.clone(), step))) {
            let wider = |times: u32| {
                let mut inputs = case.inputs.clone();
                inputs[group.clone()].iter_mut().for_each(|input| input.c += times * step);
                sizes(&case.op, &inputs)
            };
            let line = is_line(&[wider(0), wider(1), wider(2)]);
            assert_ne!(line, Some(false), "{}: inputs {group:?} wider by {step}", case.name());
            grew |= line.is_some();
        }
        assert!(grew, "{}: no input can be wider", case.name());
        let Some(width) = case.op.width() else { continue };
        for step in steps {
            let wider = |times: u32| {
                let mut op = case.op.clone();
                op.set_width(width + times * step);
                assert_eq!(op.width(), Some(width + times * step));
                sizes(&op, &case.inputs)
            };
            assert_ne!(is_line(&[wider(0), wider(1), wider(2)]), Some(false), "{}: wider by {step}", case.name());
        }
    }
}
