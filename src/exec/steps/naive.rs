//! Any operator by its own naive forward and backward, on plain copies of its maps: the way of all that has no fast step.

use crate::exec::map::Map;
use crate::exec::pieces::for_pieces;
use crate::kernel::Arch;
use crate::kernel::add_in_place;
use crate::op::Backward;
use crate::op::Forward;
use crate::op::Mode;
use crate::op::Op;
use crate::op::View;
use crate::op::ViewMut;

/// A batch, plain.
pub(in crate::exec) struct Plain {
    map: Map,
    data: Vec<f32>,
}

impl Plain {
    /// A copy of a blocked map.
    pub(in crate::exec) fn of(map: &Map, blocked: &[f32]) -> Plain {
        Plain { map: map.clone(), data: unpacked(map, blocked) }
    }

    /// Zeros.
    pub(in crate::exec) fn zeros(map: &Map) -> Plain {
        Plain { map: map.clone(), data: vec![0.0; elements(map)] }
    }

    fn view(&self) -> View<'_, f32> {
        View { data: &self.data, images: self.map.images, shape: self.map.shape }
    }

    fn view_mut(&mut self) -> ViewMut<'_, f32> {
        ViewMut { data: &mut self.data, images: self.map.images, shape: self.map.shape }
    }

    /// Writes it into a blocked map, or adds it.
    pub(in crate::exec) fn put(&self, arch: Arch, blocked: &mut [f32], adds: bool) {
        if adds {
            let mut packed = vec![0.0; blocked.len()];
            self.map.blocked().pack(&self.data, &mut packed);
            let plane = self.map.plane();
            for_pieces(blocked, plane, |block, at, out| add_in_place(arch, out, &packed[block * plane + at..][..out.len()]));
        } else {
            self.map.blocked().pack(&self.data, blocked);
        }
    }
}

/// The output; in training `running` is brought up to date and `saved` is filled.
pub(in crate::exec) fn forward(
    op: &Op,
    inputs: &[Plain],
    params: &[&[f32]],
    map: &Map,
    mode: Mode,
    running: Vec<&mut [f32]>,
    saved: Option<&mut Vec<f32>>,
) -> Plain {
    let views: Vec<View<'_, f32>> = inputs.iter().map(Plain::view).collect();
    let mut result = Plain::zeros(map);
    op.forward(Forward { inputs: &views, out: result.view_mut(), params, mode, running, saved });
    result
}

/// What a naive backward reads.
pub(in crate::exec) struct Kept<'a> {
    /// What forward read.
    pub(in crate::exec) inputs: &'a [Plain],
    /// What it wrote.
    pub(in crate::exec) out: &'a Plain,
    /// The gradient of that.
    pub(in crate::exec) d_out: &'a Plain,
    /// The operator's tensors.
    pub(in crate::exec) params: &'a [&'a [f32]],
    /// What forward saved.
    pub(in crate::exec) saved: &'a [f32],
    /// The step's randomness.
    pub(in crate::exec) mode: Mode,
}

/// The gradients of the inputs that are wanted; those of tensors are added to `d_params`.
pub(in crate::exec) fn backward(
    op: &Op,
    kept: &Kept<'_>,
    wanted: &[bool],
    d_params: Vec<Option<&mut [f32]>>,
) -> Vec<Option<Plain>> {
    let views: Vec<View<'_, f32>> = kept.inputs.iter().map(Plain::view).collect();
    let zeros = |(&wanted, input): (&bool, &Plain)| wanted.then(|| Plain::zeros(&input.map));
    let mut d_inputs: Vec<Option<Plain>> = wanted.iter().zip(kept.inputs).map(zeros).collect();
    op.backward(Backward {
        inputs: &views,
        out: kept.out.view(),
        d_out: kept.d_out.view(),
        params: kept.params,
        saved: kept.saved,
        mode: kept.mode,
        d_inputs: d_inputs.iter_mut().map(|d_input| d_input.as_mut().map(Plain::view_mut)).collect(),
        d_params,
    });
    d_inputs
}

/// A plain copy, `[image, channel, row, column]`.
pub(in crate::exec) fn unpacked(map: &Map, blocked: &[f32]) -> Vec<f32> {
    let mut plain = vec![0.0; elements(map)];
    map.blocked().unpack(blocked, &mut plain);
    plain
}

fn elements(map: &Map) -> usize {
    map.images * map.shape.elements() as usize
}
