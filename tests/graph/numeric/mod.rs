//! The kernels that solve equations: against their definitions, worked out naively on small random multigraphs, against
//! published examples, and against solutions by numpy that are stored with the script that made them.

mod bonacich;
mod debt_rank;
mod matrix;
mod ownership;
mod stored;
