//! What an operator's forward and backward are given.

use crate::base::Shape;
use crate::op::Key;
use crate::op::Real;

/// A batch to read: `[images, c, h, w]`, rows first, contiguous.
#[derive(Clone, Copy, Debug)]
pub struct View<'a, T> {
    /// The elements.
    pub data: &'a [T],
    /// Images in the batch.
    pub images: usize,
    /// The shape of one image.
    pub shape: Shape,
}

impl<'a, T: Copy> View<'a, T> {
    /// The elements of one image, `[c, h, w]`.
    pub fn image(&self, image: usize) -> &'a [T] {
        let size = self.shape.elements() as usize;
        &self.data[image * size..(image + 1) * size]
    }

    /// One element.
    pub fn at(&self, image: usize, c: u32, y: u32, x: u32) -> T {
        self.data[index(self.shape, image, c, y, x)]
    }
}

/// A batch to fill, laid out as [`View`].
#[derive(Debug)]
pub struct ViewMut<'a, T> {
    /// The elements.
    pub data: &'a mut [T],
    /// Images in the batch.
    pub images: usize,
    /// The shape of one image.
    pub shape: Shape,
}

impl<T: Copy> ViewMut<'_, T> {
    /// Sets one element.
    pub fn set(&mut self, image: usize, c: u32, y: u32, x: u32, value: T) {
        self.data[index(self.shape, image, c, y, x)] = value;
    }

    /// The elements of one image, `[c, h, w]`.
    pub fn image_mut(&mut self, image: usize) -> &mut [T] {
        let size = self.shape.elements() as usize;
        &mut self.data[image * size..(image + 1) * size]
    }
}

impl<T: Real> ViewMut<'_, T> {
    /// Adds to one element.
    pub fn add(&mut self, image: usize, c: u32, y: u32, x: u32, more: T) {
        let at = index(self.shape, image, c, y, x);
        self.data[at] = self.data[at] + more;
    }

    /// Adds a batch element by element.
    pub fn add_all(&mut self, more: impl IntoIterator<Item = T>) {
        for (element, more) in self.data.iter_mut().zip(more) {
            *element = *element + more;
        }
    }
}

/// Every `(channel, row, column)` of an image, in the order in which its elements lie in memory.
pub fn positions(shape: Shape) -> impl Iterator<Item = (u32, u32, u32)> {
    (0..shape.c).flat_map(move |c| (0..shape.h).flat_map(move |y| (0..shape.w).map(move |x| (c, y, x))))
}

fn index(shape: Shape, image: usize, c: u32, y: u32, x: u32) -> usize {
    ((image * shape.c as usize + c as usize) * shape.h as usize + y as usize) * shape.w as usize + x as usize
}

/// What a step is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Norms use running statistics, nothing is dropped.
    Infer,
    /// Norms use the statistics of the batch, elements are dropped by these random numbers.
    Train(Key),
}

/// All that `forward` is given.
#[derive(Debug)]
pub struct Forward<'a, T> {
    /// The inputs, in order.
    pub inputs: &'a [View<'a, T>],
    /// The output, every element of which is to be set.
    pub out: ViewMut<'a, T>,
    /// The tensors of [`crate::op::Operator::params`], in that order.
    pub params: &'a [&'a [T]],
    /// What it is run for.
    pub mode: Mode,
    /// In training the statistics among the tensors, in their order, to be brought up to date; they hold what they were.
    pub running: Vec<&'a mut [T]>,
    /// Takes what backward will want beside values, as [`crate::op::Operator::keeps`] says; empty before. `None` where no backward follows.
    pub saved: Option<&'a mut Vec<T>>,
}

impl<'a, T> Forward<'a, T> {
    /// For inference.
    pub fn inference(inputs: &'a [View<'a, T>], out: ViewMut<'a, T>, params: &'a [&'a [T]]) -> Forward<'a, T> {
        Forward { inputs, out, params, mode: Mode::Infer, running: Vec::new(), saved: None }
    }
}

/// All that `backward` is given.
#[derive(Debug)]
pub struct Backward<'a, T> {
    /// What forward read.
    pub inputs: &'a [View<'a, T>],
    /// What forward wrote.
    pub out: View<'a, T>,
    /// The gradient of that.
    pub d_out: View<'a, T>,
    /// The tensors that forward read.
    pub params: &'a [&'a [T]],
    /// What forward saved.
    pub saved: &'a [T],
    /// What forward was run for.
    pub mode: Mode,
    /// For each input its gradient, to be added to; `None` is one that nobody asks for.
    pub d_inputs: Vec<Option<ViewMut<'a, T>>>,
    /// For each tensor its gradient, to be added to; `None` is one that nobody asks for, as for running statistics.
    pub d_params: Vec<Option<&'a mut [T]>>,
}

impl<T: Real> Backward<'_, T> {
    /// Adds to one element of a tensor's gradient, if somebody asks for it.
    pub(super) fn add_to_param(&mut self, tensor: usize, at: usize, more: T) {
        if let Some(Some(gradient)) = self.d_params.get_mut(tensor) {
            gradient[at] = gradient[at] + more;
        }
    }
}
