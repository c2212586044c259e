//! Cross-entropy of softmax with smoothed labels (Szegedy et al. 2016, section 7).

/// What a batch gave.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loss {
    /// Sum over images.
    pub sum: f64,
    /// Images whose label has the highest logit; of equals the first counts.
    pub correct: usize,
}

/// The loss `-sum_k q_k log softmax(logits)_k` of each image, where `q` is `1 - smoothing` at the label and `smoothing / classes` spread over
/// all classes. `logits` are `[image, class]`. `gradient`, of the same shape, gets the loss's gradient times `scale`.
pub fn cross_entropy(logits: &[f32], labels: &[u16], smoothing: f64, scale: f64, mut gradient: Option<&mut [f32]>) -> Loss {
    let classes = logits.len() / labels.len().max(1);
    let mut loss = Loss::default();
    let mut shares = vec![0.0; classes];
    for (image, (row, &label)) in logits.chunks_exact(classes.max(1)).zip(labels).enumerate() {
        let (label, best) = (usize::from(label), argmax(row));
        let highest = f64::from(row[best]);
        let mut total = 0.0;
        for (share, &logit) in shares.iter_mut().zip(row) {
            *share = libm::exp(f64::from(logit) - highest);
            total += *share;
        }
        let of_all = highest + libm::log(total);
        let spread = smoothing / classes as f64;
        let mean_logit = row.iter().map(|&logit| f64::from(logit)).sum::<f64>() * spread;
        loss.sum += of_all - (1.0 - smoothing) * f64::from(row[label]) - mean_logit;
        loss.correct += usize::from(best == label);
        if let Some(gradient) = gradient.as_deref_mut() {
            for (class, (gradient, share)) in gradient[image * classes..][..classes].iter_mut().zip(&shares).enumerate() {
                let wanted = spread + if class == label { 1.0 - smoothing } else { 0.0 };
                *gradient = ((share / total - wanted) * scale) as f32;
            }
        }
    }
    loss
}

/// The class with the highest logit, of equals the first.
pub fn argmax(row: &[f32]) -> usize {
    (0..row.len()).fold(0, |best, class| if row[class].total_cmp(&row[best]).is_gt() { class } else { best })
}

/// The softmax of one image's logits.
pub fn softmax(row: &[f32]) -> Vec<f64> {
    let highest = row.iter().fold(f64::NEG_INFINITY, |highest, &logit| highest.max(f64::from(logit)));
    let shares: Vec<f64> = row.iter().map(|&logit| libm::exp(f64::from(logit) - highest)).collect();
    let total: f64 = shares.iter().sum();
    shares.iter().map(|share| share / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_logits_lose_the_logarithm_of_the_classes() {
        for smoothing in [0.0, 0.1] {
            let loss = cross_entropy(&[2.0; 8], &[0, 3], smoothing, 1.0, None);
            assert!((loss.sum - 2.0 * 4.0_f64.ln()).abs() < 1e-12, "{loss:?}");
            assert_eq!(loss.correct, 1, "of equals the first counts");
        }
    }

    #[test]
    fn two_classes_by_hand() {
        // softmax(0, ln 3) = (1/4, 3/4); smoothed by 0.2: q = (0.1, 0.9).
        let logits = [0.0, 3.0_f32.ln()];
        let mut gradient = [0.0; 2];
        let loss = cross_entropy(&logits, &[1], 0.2, 0.5, Some(&mut gradient));
        let wanted = -(0.1 * 0.25_f64.ln() + 0.9 * 0.75_f64.ln());
        assert!((loss.sum - wanted).abs() < 1e-6, "{} against {wanted}", loss.sum);
        assert!((f64::from(gradient[0]) - 0.5 * 0.15).abs() < 1e-6 && (f64::from(gradient[1]) + 0.5 * 0.15).abs() < 1e-6);
    }

    #[test]
    fn the_gradient_is_that_of_central_differences() {
        let logits = [0.3_f32, -1.2, 2.5, 40.0, -35.0, 0.1];
        let mut gradient = [0.0; 6];
        cross_entropy(&logits, &[2, 0], 0.1, 1.0, Some(&mut gradient));
        for place in 0..6 {
            let at = |step: f32| {
                let mut moved = logits;
                moved[place] += step;
                cross_entropy(&moved, &[2, 0], 0.1, 1.0, None).sum
            };
            let slope = (at(0.01) - at(-0.01)) / 0.02;
            assert!((slope - f64::from(gradient[place])).abs() < 2e-4, "{place}: {slope} against {}", gradient[place]);
        }
    }

    #[test]
    fn large_logits_stay_finite() {
        let loss = cross_entropy(&[3e38, -3e38], &[1], 0.0, 1.0, None);
        assert!(loss.sum.is_finite() && loss.sum > 5e38);
    }
}
