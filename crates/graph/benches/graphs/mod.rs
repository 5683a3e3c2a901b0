//! The graphs that are measured: read from little-endian arrays, or generated.

use std::path::Path;

/// The edges of a graph with their attributes, as given.
pub(crate) struct Edges {
    pub(crate) node_count: u32,
    pub(crate) sources: Vec<u32>,
    pub(crate) targets: Vec<u32>,
    /// A weight for each edge, or none at all.
    #[allow(dead_code, reason = "not every bench needs weights")]
    pub(crate) weights: Vec<u32>,
    /// A time for each edge, or none at all.
    pub(crate) times: Vec<i64>,
}

/// Reads `NAME.src` and `NAME.dst` (32-bit ids, little-endian), `NAME.n` (the number of nodes as text) and, if they exist,
/// `NAME.w` (32-bit weights) and `NAME.ts` (32-bit times).
pub(crate) fn read(name: &Path) -> Result<Edges, Box<dyn std::error::Error>> {
    let file = |ending: &str| {
        let mut file = name.as_os_str().to_owned();
        file.push(".");
        file.push(ending);
        file
    };
    let words = |ending: &str| -> std::io::Result<Vec<u32>> {
        let bytes = std::fs::read(file(ending))?;
        let (words, _) = bytes.as_chunks::<4>();
        Ok(words.iter().map(|word| u32::from_le_bytes(*word)).collect())
    };
    let nodes = std::fs::read_to_string(file("n"))?;
    Ok(Edges {
        node_count: nodes.trim().parse()?,
        sources: words("src")?,
        targets: words("dst")?,
        weights: words("w").unwrap_or_default(),
        times: words("ts")
            .unwrap_or_default()
            .into_iter()
            .map(|time| i64::from(time.cast_signed()))
            .collect(),
    })
}

/// Generates a graph whose degrees follow a power law, from a linear congruential generator.
pub(crate) fn generated(node_count: u32, edge_count: usize) -> Edges {
    let mut state = 42_u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut node = || (f64::from(node_count) * random().powi(2)) as u32;
    // An odd factor mixes the names, so that small names are not the large hubs.
    let mixed = |node: u32| (u64::from(node) * 7_919 % u64::from(node_count)) as u32;
    let sources = (0..edge_count).map(|_| mixed(node())).collect();
    let targets = (0..edge_count).map(|_| mixed(node())).collect();
    Edges {
        node_count,
        sources,
        targets,
        weights: (0..edge_count as u32)
            .map(|edge| edge * 31 % 100 + 1)
            .collect(),
        times: (0..edge_count as i64)
            .map(|edge| edge * 7_919 % 86_400)
            .collect(),
    }
}
