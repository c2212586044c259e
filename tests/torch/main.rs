//! Operators and small networks against PyTorch: `tests/fixtures/torch/make.py` made the values, and says how.

mod golden;
mod nets;
mod operators;
