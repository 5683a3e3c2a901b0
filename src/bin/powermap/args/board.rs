//! The arguments of `board`.

use crate::number::{self, whole};
use clap::Args as ClapArgs;
use powermap::picture::DRAWN_MAX;
use powermap_picture::Theme;

/// `board`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Board {
    /// money (every arrow runs the way the money or the shares go), board (as edges run: supplier to customer),
    /// circle (the members of the loops on a ring, sized by their money) or dot (in layers, as Graphviz draws)
    /// [default: money]
    #[arg(long, value_name = "LOOK", value_parser = ["money", "board", "circle", "dot"])]
    pub(crate) look: Option<String>,
    /// Run every arrow the way the money or the shares go, in any look
    #[arg(long)]
    pub(crate) money: bool,
    /// The sheet: a4, a3, 16:9, 1:1 or column (90 mm wide)
    #[arg(long, value_name = "SIZE", default_value = "a4", value_parser = ["a4", "a3", "16:9", "1:1", "column"])]
    pub(crate) size: String,
    /// With --look dot, the program of Graphviz that lays out: dot, neato, fdp, sfdp, circo or twopi; built-in
    /// uses none [default: dot where it is installed]
    #[arg(long, value_name = "NAME", value_parser = ["dot", "neato", "fdp", "sfdp", "circo", "twopi", "built-in"])]
    pub(crate) engine: Option<String>,
    /// light or dark
    #[arg(long, value_name = "THEME", default_value = "light")]
    pub(crate) theme: Theme,
    /// What stands above the picture, in place of its finding
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Draw this player and those near it
    #[arg(long, value_name = "PLAYER", conflicts_with = "players")]
    pub(crate) around: Option<String>,
    /// With --around, how many edges away
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        requires = "around",
        allow_negative_numbers = true,
        value_parser = whole::<usize>(0, u64::MAX, "2")
    )]
    pub(crate) hops: usize,
    /// Draw these players only
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    pub(crate) players: Vec<String>,
    /// Draw the N players with the most at stake, at most 256, and those who lead them [default: at most 12 of the
    /// whole board, 32 of a choice]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = whole::<u16>(1, DRAWN_MAX as u64, "16")
    )]
    pub(crate) top: Option<u16>,
    /// Only edges of this family; influence is drawn where it is named here, is control, or says who leads whom
    #[arg(long, value_name = "FAMILY", value_delimiter = ',')]
    pub(crate) family: Vec<String>,
    /// Only edges of this kind, such as equity
    #[arg(long, value_name = "CONCEPT", value_delimiter = ',')]
    pub(crate) kind: Vec<String>,
    /// Only edges that are at least this firm
    #[arg(long, value_name = "STATUS")]
    pub(crate) min_status: Option<String>,
    /// Only edges that may be worth this much money, in their own currency
    #[arg(long, value_name = "NUMBER")]
    pub(crate) min_amount: Option<String>,
    /// Keep parallel edges apart
    #[arg(long)]
    pub(crate) split: bool,
    /// Point out the loop that goes along these players; may be repeated
    #[arg(long = "loop", value_name = "A,B,C")]
    pub(crate) loops: Vec<String>,
    /// Point out and number the N loops around which the most may go; one whose players are all in a greater one
    /// comes after the others [default: those that the finding names]
    #[arg(
        long = "loops",
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = whole::<usize>(0, u64::MAX, "5")
    )]
    pub(crate) loops_found: Option<usize>,
    /// Show what came, went and changed between two days, each DAY or DAY@KNOWN-BY
    #[arg(long, value_names = ["D1", "D2"], num_args = 2, conflicts_with_all = ["as_of", "known_by"])]
    pub(crate) diff: Option<Vec<String>>,
    /// With PNG, how many pixels a unit of the sheet has; a sheet of A4 is 1,257 units wide
    #[arg(
        long,
        value_name = "FACTOR",
        default_value_t = 2.0,
        allow_negative_numbers = true,
        value_parser = number::factor
    )]
    pub(crate) scale: f32,
}
