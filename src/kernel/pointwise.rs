//! Element by element, wherever it stands.

use crate::kernel::LANES;
use crate::kernel::arch::vectorized;

vectorized! {
    /// `out = max(in, 0)`, at most `high`; NaN stays.
    pub fn clamp(arch, input: &[f32], high: f32, out: &mut [f32]) {
        for (out, &value) in out.iter_mut().zip(input) {
            let value = if value < 0.0 { 0.0 } else { value };
            *out = if value > high { high } else { value };
        }
    }

    /// As [`clamp`], in place.
    pub fn clamp_in_place(arch, values: &mut [f32], high: f32) {
        for value in values {
            let clamped = if *value < 0.0 { 0.0 } else { *value };
            *value = if clamped > high { high } else { clamped };
        }
    }

    /// The gradient of [`clamp`]: passed where the output lies strictly between 0 and `high`.
    pub fn clamp_gradient(arch, out: &[f32], high: f32, d_out: &[f32], d_input: &mut [f32], adds: bool) {
        for (target, (&value, &gradient)) in d_input.iter_mut().zip(out.iter().zip(d_out)) {
            let before = if adds { *target } else { 0.0 };
            *target = before + if value > 0.0 && value < high { gradient } else { 0.0 };
        }
    }

    /// As [`clamp_gradient`], where the gradient of the input takes the place of that of the output.
    pub fn clamp_gradient_in_place(arch, out: &[f32], high: f32, gradients: &mut [f32]) {
        for (gradient, &value) in gradients.iter_mut().zip(out) {
            *gradient = if value > 0.0 && value < high { *gradient } else { 0.0 };
        }
    }

    /// `out = a + b`.
    pub fn add(arch, a: &[f32], b: &[f32], out: &mut [f32]) {
        for (out, (&a, &b)) in out.iter_mut().zip(a.iter().zip(b)) {
            *out = a + b;
        }
    }

    /// `values += others`.
    pub fn add_in_place(arch, values: &mut [f32], others: &[f32]) {
        for (value, &other) in values.iter_mut().zip(others) {
            *value += other;
        }
    }

    /// `out = in * gate`, each pixel by its lanes' gate.
    pub fn gate(arch, input: &[f32], gate: &[f32; LANES], out: &mut [f32]) {
        for (out, pixel) in out.chunks_exact_mut(LANES).zip(input.chunks_exact(LANES)) {
            for lane in 0..LANES {
                out[lane] = pixel[lane] * gate[lane];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Arch;

    /// The gradient passes strictly inside only: at the edges, where most outputs of a rectifier lie, it does not.
    #[test]
    fn gradients_stop_at_the_edges() {
        let out: Vec<f32> = [0.0, 3.0, 6.0, 1e-20, 5.999].into_iter().cycle().take(48).collect();
        let d_out: Vec<f32> = (0..48).map(|at| at as f32 + 1.0).collect();
        let passed = |at: usize| if [1, 3, 4].contains(&(at % 5)) { d_out[at] } else { 0.0 };
        for arch in Arch::all() {
            for (adds, before) in [(false, 7.0), (true, 0.5)] {
                let mut d_input = vec![before; 48];
                clamp_gradient(arch, &out, 6.0, &d_out, &mut d_input, adds);
                let wanted: Vec<f32> = (0..48).map(|at| passed(at) + if adds { before } else { 0.0 }).collect();
                assert_eq!(d_input, wanted, "{arch}, adds: {adds}");
            }
            let mut gradients = d_out.clone();
            clamp_gradient_in_place(arch, &out, 6.0, &mut gradients);
            assert_eq!(gradients, (0..48).map(passed).collect::<Vec<f32>>(), "{arch}, in place");
        }
    }
}
