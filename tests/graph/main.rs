//! What needs a network of plain numbers only: the kernels.

mod cycles;
mod kernels;
mod ldbc;
mod network;
mod numeric;
mod walks;
