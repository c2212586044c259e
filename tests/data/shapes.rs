//! The generated set.

use nas::data::DataError;
use nas::data::Images;
use nas::data::Shapes;

/// The share of test images that lie nearest to the mean image of their own class.
fn nearest_mean(train: &Images, test: &Images, classes: usize) -> f64 {
    let mut means = vec![vec![0.0; train.image_len()]; classes];
    for (at, &label) in train.labels().iter().enumerate() {
        means[usize::from(label)].iter_mut().zip(train.image(at)).for_each(|(mean, &value)| *mean += f64::from(value));
    }
    for (mean, count) in means.iter_mut().zip(train.counts(classes)) {
        mean.iter_mut().for_each(|value| *value /= count as f64);
    }
    let distance = |mean: &[f64], image: &[u8]| mean.iter().zip(image).map(|(a, &b)| (a - f64::from(b)).powi(2)).sum::<f64>();
    let nearest = |at: usize| {
        (0..classes).min_by(|&a, &b| distance(&means[a], test.image(at)).total_cmp(&distance(&means[b], test.image(at))))
    };
    let right = (0..test.len()).filter(|&at| nearest(at) == Some(usize::from(test.labels()[at]))).count();
    right as f64 / test.len() as f64
}

#[test]
fn seeds_give_their_own_sets() {
    let shapes = Shapes { train: 60, test: 20, size: [16, 16], ..Shapes::default() };
    let data = shapes.generate().unwrap();
    assert_eq!(data, shapes.generate().unwrap());
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(data, one.install(|| shapes.generate().unwrap()), "threads change nothing");
    assert_ne!(data.train(), Shapes { seed: 1, ..shapes.clone() }.generate().unwrap().train());
    let more = Shapes { train: 90, ..shapes }.generate().unwrap();
    assert_eq!(more.train().image(59), data.train().image(59), "an image does not change when more are asked for");
    assert_ne!(data.train().image(0), data.test().image(0), "parts are drawn apart");
}

#[test]
fn any_size_channels_and_classes() {
    for (size, channels, classes) in [([1, 1], 1, 2), ([7, 31], 4, 3), ([48, 16], 2, 11), ([9, 9], 1, 101), ([8, 8], 3, 1000)] {
        let shapes = Shapes { classes, channels, size, train: classes * 2, test: classes, seed: 5 };
        let data = shapes.generate().unwrap();
        assert_eq!(data.shape(), [channels, size[0], size[1]]);
        assert_eq!(data.train().counts(classes), vec![2; classes]);
        let mut names = data.classes.clone();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), classes, "names differ");
    }
    let named = Shapes { classes: 115, train: 115, ..Shapes::default() }.generate().unwrap().classes;
    assert_eq!([&named[4], &named[14], &named[104]], ["ring", "ring-stripes", "ring-plain-2"]);
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let shapes = Shapes::default();
    for wrong in [
        Shapes { classes: 1, ..shapes.clone() },
        Shapes { classes: 1001, ..shapes.clone() },
        Shapes { channels: 0, ..shapes.clone() },
        Shapes { size: [0, 8], ..shapes.clone() },
        Shapes { train: 1, ..shapes },
    ] {
        assert!(matches!(wrong.generate(), Err(DataError::Settings(_))), "{wrong:?}");
    }
}

/// Means see something, and not all: there is something to learn.
#[test]
fn classes_can_be_learned_but_not_at_a_glance() {
    for (classes, chance) in [(4, 0.25), (10, 0.1), (20, 0.05)] {
        let shapes = Shapes { classes, size: [16, 16], channels: 1, train: 150 * classes, test: 50 * classes, seed: 2 };
        let data = shapes.generate().unwrap();
        let share = nearest_mean(data.train(), data.test(), classes);
        assert!(share > 1.4 * chance && share < 0.8, "{classes} classes: {share}");
    }
}
