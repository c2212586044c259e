//! Mean and deviation.

use nas::data::Images;

fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).for_each(|(found, expected)| assert!((found - expected).abs() < 1e-12, "{found} {expected}"));
}

#[test]
fn channels_have_their_own() {
    // Two images of two channels of 1 x 2. Channel 0: 0, 255, 255, 0. Channel 1: 51, 51, 102, 204.
    let images = Images::new([2, 1, 2], vec![0, 1], vec![0, 255, 51, 51, 255, 0, 102, 204]).unwrap();
    let found = images.statistics();
    close(&found.mean, &[0.5, 0.4]);
    // (0.2, 0.2, 0.4, 0.8) about 0.4: squares 0.04, 0.04, 0, 0.16, mean 0.06.
    close(&found.deviation, &[0.5, 0.06_f64.sqrt()]);
}

#[test]
fn images_without_spread_have_no_deviation() {
    let images = Images::new([1, 2, 2], vec![0; 1000], vec![173; 4000]).unwrap();
    close(&images.statistics().mean, &[173.0 / 255.0]);
    assert_eq!(images.statistics().deviation, [0.0]);
    close(&Images::empty([3, 1, 1]).statistics().mean, &[0.0; 3]);
}

#[test]
fn a_store_has_as_many_pixels_as_its_images() {
    assert!(Images::new([1, 2, 2], vec![0, 1], vec![0; 7]).is_none());
    let images = Images::new([1, 1, 2], vec![4, 5, 6], vec![1, 2, 3, 4, 5, 6]).unwrap();
    let chosen = images.select(&[2, 0]);
    assert_eq!((chosen.labels(), chosen.pixels()), (&[6, 4][..], &[5, 6, 1, 2][..]));
    assert_eq!((images.len(), images.image_len(), images.image(1)), (3, 2, &[3, 4][..]));
}
