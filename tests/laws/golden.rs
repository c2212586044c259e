//! Values worked out by hand, or taken from the definition of a function.

use nas::base::Real64;
use nas::base::Shape;
use nas::op::Activation;
use nas::op::Affine;
use nas::op::AvgPool;
use nas::op::BatchNorm;
use nas::op::Conv;
use nas::op::Depthwise;
use nas::op::Forward;
use nas::op::Function;
use nas::op::LayerNorm;
use nas::op::Linear;
use nas::op::Lrn;
use nas::op::MaxPool;
use nas::op::Mul;
use nas::op::Op;
use nas::op::Pad;
use nas::op::Shuffle;
use nas::op::Softmax;
use nas::op::View;
use nas::op::ViewMut;
use nas::op::Weights;
use nas::op::Window;

/// One image through an operator.
fn run(op: &Op, inputs: &[(Shape, &[f64])], params: &[&[f64]]) -> (Shape, Vec<f64>) {
    let shapes: Vec<Shape> = inputs.iter().map(|&(shape, _)| shape).collect();
    let shape = op.shape(&shapes).unwrap_or_else(|refusal| panic!("{op:?}: {refusal:?}"));
    let views: Vec<View<'_, f64>> = inputs.iter().map(|&(shape, data)| View { data, images: 1, shape }).collect();
    let mut out = vec![f64::NAN; shape.elements() as usize];
    op.forward(Forward::inference(&views, ViewMut { data: &mut out, images: 1, shape }, params));
    (shape, out)
}

fn check(op: &Op, inputs: &[(Shape, &[f64])], params: &[&[f64]], shape: Shape, expected: &[f64]) {
    let name = format!("{op:?}");
    let (found, out) = run(op, inputs, params);
    assert_eq!(found, shape, "{name}");
    let close = out.len() == expected.len() && out.iter().zip(expected).all(|(out, expected)| (out - expected).abs() < 1e-6);
    assert!(close, "{name}: {out:?} instead of {expected:?}");
}

const fn row(w: u32) -> Shape {
    Shape::new(1, 1, w)
}

#[test]
fn convolutions() {
    // Cross-correlation, not mirrored: 1 2 3 4 with taps 1 10 100, zeros around: 0+20+.. = 10*1 + 100*2, and so on; bias 0.5.
    let conv = Conv { window: Window { pad: Pad::Same, ..Window::of([1, 3]) }, ..Conv::new(1, 1) };
    let expected = [210.5, 321.5, 432.5, 43.5];
    check(&Op::Conv(conv), &[(row(4), &[1., 2., 3., 4.])], &[&[1., 10., 100.], &[0.5]], row(4), &expected);
    // Two groups of two channels to two channels each: output 0, 1 from channels 0, 1; output 2, 3 from channels 2, 3.
    let conv = Conv { groups: 2, bias: false, ..Conv::new(4, 1) };
    let weight = [1., 10., 2., 20., 3., 30., 4., 40.];
    let expected = [21., 42., 129., 172.];
    check(&Op::Conv(conv), &[(Shape::new(4, 1, 1), &[1., 2., 3., 4.])], &[&weight], Shape::new(4, 1, 1), &expected);
    // A table: output 0 reads channel 2 alone, output 1 all; absent links have weights that nobody reads.
    let table = Some([Box::from([1_u32]), Box::from([0, 1])].into());
    let conv = Conv { table, bias: false, ..Conv::new(2, 1) };
    check(&Op::Conv(conv), &[(Shape::new(2, 1, 1), &[1., 2.])], &[&[f64::NAN, 5., 7., 9.]], Shape::new(2, 1, 1), &[10., 25.]);
    // Rows before columns: 1 2 / 3 4 meet 1 10 / 100 1000.
    let square = Shape::new(1, 2, 2);
    let window = Window::of([2, 2]);
    let (weight, map): (&[f64], &[f64]) = (&[1., 10., 100., 1000.], &[1., 2., 3., 4.]);
    let conv = Conv { window, bias: false, ..Conv::new(1, 1) };
    check(&Op::Conv(conv), &[(square, map)], &[weight], row(1), &[4321.]);
    let depthwise = Depthwise { window, bias: false, ..Depthwise::new(1) };
    check(&Op::Depthwise(depthwise), &[(square, map)], &[weight], row(1), &[4321.]);
    // Stride 2, dilation 2, one zero in front: taps at -1 1 | 1 3.
    let window = Window { kernel: [1, 2], stride: [1, 2], dilation: [1, 2], pad: Pad::Sides([[0, 0], [1, 0]]), ceil: false };
    let conv = Conv { window, bias: false, ..Conv::new(1, 1) };
    check(&Op::Conv(conv), &[(row(4), &[1., 2., 3., 4.])], &[&[1., 10.]], row(2), &[20., 42.]);
    // Each channel twice, neighbours: outputs 0, 1 from channel 0.
    let depthwise = Depthwise { multiplier: 2, ..Depthwise::new(1) };
    let params: [&[f64]; 2] = [&[1., 2., 3., 4.], &[0., 0., 0.5, 0.]];
    check(
        &Op::Depthwise(depthwise),
        &[(Shape::new(2, 1, 1), &[10., 100.])],
        &params,
        Shape::new(4, 1, 1),
        &[10., 20., 300.5, 400.],
    );
}

#[test]
fn fully_connected() {
    // Channels first, then rows: weights meet 1 2 3 4 in this order.
    let params: [&[f64]; 2] = [&[1., 10., 100., 1000., 0., 0., 0., 1.], &[0.5, -1.]];
    check(&Op::Linear(Linear::new(2)), &[(Shape::new(2, 2, 1), &[1., 2., 3., 4.])], &params, Shape::new(2, 1, 1), &[4321.5, 3.]);
}

#[test]
fn pools() {
    let five: &[f64] = &[1., 2., 3., 4., 8.];
    let window = Window { kernel: [1, 2], stride: [1, 2], ..Window::of([1, 1]) };
    let max = |window| Op::MaxPool(MaxPool { window: Some(window) });
    let avg = |window, count_pad| Op::AvgPool(AvgPool { window: Some(window), count_pad });
    check(&max(window), &[(row(5), five)], &[], row(2), &[2., 4.]);
    // Rounded up, a third window has the 8 alone; what hangs over is not counted, either way.
    let ceil = Window { ceil: true, ..window };
    check(&max(ceil), &[(row(5), five)], &[], row(3), &[2., 4., 8.]);
    check(&avg(ceil, true), &[(row(5), five)], &[], row(3), &[1.5, 3.5, 8.]);
    check(&avg(ceil, false), &[(row(5), five)], &[], row(3), &[1.5, 3.5, 8.]);
    // Three taps, one zero on either side: 0 3 6, 3 6 9, 6 9 0.
    let same = Window { pad: Pad::Same, ..Window::of([1, 3]) };
    check(&avg(same, true), &[(row(3), &[3., 6., 9.])], &[], row(3), &[3., 6., 5.]);
    check(&avg(same, false), &[(row(3), &[3., 6., 9.])], &[], row(3), &[4.5, 6., 7.5]);
    // Padding never wins, and NaN always does.
    check(&max(same), &[(row(3), &[-3., -6., -9.])], &[], row(3), &[-3., -3., -6.]);
    let (_, out) = run(&max(window), &[(row(4), &[f64::NAN, 1., 1., 2.])], &[]);
    assert!(out[0].is_nan() && out[1] > 1., "{out:?}");
    let (_, out) = run(&max(window), &[(row(4), &[1., f64::NAN, 1., 2.])], &[]);
    assert!(out[0].is_nan() && out[1] > 1., "{out:?}");
    // PyTorch's AvgPool2d(3, stride=2, padding=1, ceil_mode=True) on 1..4: the last window starts at 3, and of the taps 3 4 5
    // (4 the zero, 5 beyond it) two count.
    let caffe = Window { kernel: [1, 3], stride: [1, 2], pad: Pad::Sides([[0, 0], [1, 1]]), dilation: [1, 1], ceil: true };
    check(&avg(caffe, true), &[(row(4), &[1., 2., 3., 4.])], &[], row(3), &[1., 3., 2.]);
    check(&avg(caffe, false), &[(row(4), &[1., 2., 3., 4.])], &[], row(3), &[1.5, 3., 4.]);
    check(&Op::AvgPool(AvgPool::GLOBAL), &[(Shape::new(2, 1, 2), &[1., 2., 5., 9.])], &[], Shape::new(2, 1, 1), &[1.5, 7.]);
    check(&Op::MaxPool(MaxPool::GLOBAL), &[(Shape::new(2, 1, 2), &[1., 2., 9., 5.])], &[], Shape::new(2, 1, 1), &[2., 9.]);
}

#[test]
fn local_response_normalisation() {
    // Three channels 1 2 3, size 3, alpha 3 (so 1 after the division), k 2, beta 1: squares 1 4 9, sums 5 14 13.
    let lrn = Lrn { size: 3, alpha: Real64::new(3.), beta: Real64::new(1.), k: Real64::new(2.) };
    let expected = [1. / 7., 2. / 16., 3. / 15.];
    check(&Op::Lrn(lrn.clone()), &[(Shape::new(3, 1, 1), &[1., 2., 3.])], &[], Shape::new(3, 1, 1), &expected);
    let half = Lrn { beta: Real64::new(0.5), ..lrn };
    let expected = [1. / 7_f64.sqrt(), 0.5, 3. / 15_f64.sqrt()];
    check(&Op::Lrn(half), &[(Shape::new(3, 1, 1), &[1., 2., 3.])], &[], Shape::new(3, 1, 1), &expected);
}

#[test]
fn learned_normalisations() {
    let two = Shape::new(2, 1, 2);
    // Channel 0: (x - 1) / sqrt(3.75 + 0.25) * 4 + 10; channel 1: (x - 0) / sqrt(0.75 + 0.25) * 1 - 1.
    let batch = BatchNorm { eps: Real64::new(0.25), ..BatchNorm::default() };
    let params: [&[f64]; 4] = [&[4., 1.], &[10., -1.], &[1., 0.], &[3.75, 0.75]];
    check(&Op::BatchNorm(batch), &[(two, &[1., 2., 3., 4.])], &params, two, &[10., 12., 2., 3.]);
    // Over channels at each position: (1, 3) and (2, 4) have means 2 and 3, variance 1, with eps 3 a deviation of 2.
    let layer = LayerNorm { eps: Real64::new(3.) };
    let params: [&[f64]; 2] = [&[2., 4.], &[0., 1.]];
    check(&Op::LayerNorm(layer), &[(two, &[1., 2., 3., 4.])], &params, two, &[-1., -1., 3., 3.]);
    check(&Op::Affine(Affine), &[(two, &[1., 2., 3., 4.])], &params, two, &[2., 4., 13., 17.]);
    check(&Op::Scale(nas::op::Scale), &[(two, &[1., 2., 3., 4.])], &params[..1], two, &[2., 4., 12., 16.]);
}

#[test]
fn activations() {
    let table: [(Function, [(f64, f64); 3]); 9] = [
        (Function::Relu, [(-1., 0.), (0., 0.), (7., 7.)]),
        (Function::Relu6, [(-1., 0.), (3., 3.), (7., 6.)]),
        (Function::Leaky, [(-1., -0.01), (0., 0.), (2., 2.)]),
        (Function::Sigmoid, [(0., 0.5), (1., 0.731_058_578_6), (-1., 0.268_941_421_4)]),
        (Function::Tanh, [(0., 0.), (1., 0.761_594_155_9), (-1., -0.761_594_155_9)]),
        (Function::Swish, [(0., 0.), (1., 0.731_058_578_6), (-1., -0.268_941_421_4)]),
        (Function::Hswish, [(-4., 0.), (1., 2. / 3.), (4., 4.)]),
        (Function::Hsigmoid, [(-4., 0.), (0., 0.5), (4., 1.)]),
        (Function::Gelu, [(0., 0.), (1., 0.841_344_746_1), (-1., -0.158_655_253_9)]),
    ];
    for (function, pairs) in table {
        let op = Op::Activation(Activation { function });
        check(&op, &[(row(3), &pairs.map(|(x, _)| x))], &[], row(3), &pairs.map(|(_, y)| y));
    }
}

#[test]
fn rearrangements_and_gates() {
    // Two groups of three: 0 3 1 4 2 5.
    let vector = Shape::new(6, 1, 1);
    check(&Op::Shuffle(Shuffle { groups: 2 }), &[(vector, &[0., 1., 2., 3., 4., 5.])], &[], vector, &[0., 3., 1., 4., 2., 5.]);
    let map = Shape::new(2, 1, 2);
    let gated: [(Shape, &[f64]); 2] = [(map, &[1., 2., 3., 4.]), (Shape::new(2, 1, 1), &[10., 100.])];
    check(&Op::Mul(Mul), &gated, &[], map, &[10., 20., 300., 400.]);
    // Shares 1 : 3 and, far out where naive exponentials overflow, 1 : 1.
    let logits: [(Shape, &[f64]); 1] = [(map, &[0., 2000., 3_f64.ln(), 2000.])];
    check(&Op::Softmax(Softmax), &logits, &[], map, &[0.25, 0.5, 0.75, 0.5]);
}

#[test]
fn tensors_start_as_their_papers_say() {
    let image = Shape::new(4, 5, 6);
    let starts: [(Op, [&str; 4]); 8] = [
        // He et al.: 7 * 7 taps from 4 inputs, to 8 outputs.
        (Op::Conv(Conv::new(8, 7)), ["weight [8, 4, 7, 7] he 196 392", "bias [8] 0 1 1", "", ""]),
        (Op::Conv(Conv { groups: 2, bias: false, ..Conv::new(8, 3) }), ["weight [8, 2, 3, 3] he 18 36", "", "", ""]),
        (
            Op::Depthwise(Depthwise { multiplier: 2, ..Depthwise::new(3) }),
            ["weight [8, 1, 3, 3] he 9 18", "bias [8] 0 1 1", "", ""],
        ),
        // Frozen: both tensors.
        (
            Op::Conv(Conv { weights: Weights::FIXED_GABOR, ..Conv::new(8, 7) }),
            ["weight [8, 4, 7, 7] gabor 196 392 frozen", "bias [8] 0 1 1 frozen", "", ""],
        ),
        (
            Op::Linear(Linear { weights: Weights { trainable: false, ..Weights::HE }, ..Linear::new(10) }),
            ["weight [10, 120] he 120 10 frozen", "bias [10] 0 1 1 frozen", "", ""],
        ),
        (Op::Linear(Linear::new(10)), ["weight [10, 120] xavier 120 10", "bias [10] 0 1 1", "", ""]),
        (
            Op::BatchNorm(BatchNorm::default()),
            ["scale [4] 1 1 1", "shift [4] 0 1 1", "mean [4] 0 1 1 frozen", "variance [4] 1 1 1 frozen"],
        ),
        (Op::Scale(nas::op::Scale), ["scale [4] 0.000001 1 1", "", "", ""]),
    ];
    for (op, expected) in starts {
        let tensor = |param: nas::op::Param| {
            let frozen = if param.trainable { "" } else { " frozen" };
            format!("{} {:?} {} {} {}{frozen}", param.role.name(), param.dims, param.init, param.fan_in, param.fan_out)
        };
        let found: Vec<String> = op.params(&[image]).into_iter().map(tensor).collect();
        let expected: Vec<&str> = expected.into_iter().filter(|text| !text.is_empty()).collect();
        assert_eq!(found, expected, "{op:?}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let map = Shape::new(4, 5, 5);
    let refusals: [(Op, &[Shape], &str); 15] = [
        (Op::Add(nas::op::Add), &[map, Shape::new(4, 5, 4)], "E0403"),
        (Op::Add(nas::op::Add), &[map, Shape::new(4, 1, 1)], "E0403"),
        (Op::Add(nas::op::Add), &[], "E0207"),
        (Op::Mul(Mul), &[Shape::new(4, 1, 1), map], "E0403"),
        (Op::Mul(Mul), &[map, map, map], "E0403"),
        (Op::Concat(nas::op::Concat), &[map, Shape::new(4, 5, 6)], "E0403"),
        (Op::Concat(nas::op::Concat), &[], "E0207"),
        (Op::Concat(nas::op::Concat), &[Shape::new(1 << 24, 1, 1), Shape::new(1, 1, 1)], "E0406"),
        (Op::Take(nas::op::Take { width: 3, after: 2 }), &[map], "E0404"),
        (Op::Shuffle(Shuffle { groups: 3 }), &[map], "E0402"),
        (Op::Linear(Linear::new(1)), &[Shape::new(1 << 24, 2, 1)], "E0406"),
        (Op::Depthwise(Depthwise { multiplier: 1 << 23, ..Depthwise::new(1) }), &[map], "E0406"),
        (Op::Conv(Conv { groups: 3, ..Conv::new(6, 1) }), &[map], "E0402"),
        (Op::Conv(Conv { weights: Weights::FIXED_GABOR, ..Conv::new(6, 1) }), &[map], "E0217"),
        (Op::Depthwise(Depthwise { weights: Weights::FIXED_GABOR, ..Depthwise::new(1) }), &[map], "E0217"),
    ];
    for (op, inputs, code) in refusals {
        let found = op.shape(inputs).map_err(|refusal| refusal.code.name());
        assert_eq!(found, Err(code), "{op:?} on {inputs:?}");
    }
}
