//! Any operator by its own naive forward, on plain copies of its maps: the way of all that has no fast step.

use crate::exec::map::Map;
use crate::op::Forward;
use crate::op::Op;
use crate::op::View;
use crate::op::ViewMut;

/// Fills a blocked output from blocked inputs.
pub(in crate::exec) fn forward(op: &Op, inputs: &[(&Map, &[f32])], params: &[&[f32]], map: &Map, out: &mut [f32]) {
    let plain: Vec<Vec<f32>> = inputs.iter().map(|(map, blocked)| unpacked(map, blocked)).collect();
    let views: Vec<View<'_, f32>> =
        plain.iter().zip(inputs).map(|(data, (map, _))| View { data, images: map.images, shape: map.shape }).collect();
    let mut result = vec![0.0; elements(map)];
    let view = ViewMut { data: &mut result, images: map.images, shape: map.shape };
    op.forward(Forward::inference(&views, view, params));
    map.blocked().pack(&result, out);
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
