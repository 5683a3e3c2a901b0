//! Made-up maps as text, written piece by piece.

use crate::format::quads::record_quads;
use crate::model::generate::{Chunks, Deals};
use crate::model::vocabulary::PREFIXES;
use oxigraph::io::WriterQuadSerializer;
use powermap_rdf::Format;
use powermap_rdf::rdf::{compare_quads, serializer};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Writes a made-up map as RDF and tells `progress` how many edges are there.
///
/// The text needs no more memory for more edges: it follows the order in which the records are made, not that of
/// [`powermap_rdf::rdf::serialise`]. In the formats that group by subject, each piece is sorted.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] for a format that is no RDF, and anything that goes wrong with `out`.
pub fn write_rdf(
    pieces: Chunks,
    format: Format,
    out: &mut dyn Write,
    mut progress: impl FnMut(u64),
) -> io::Result<()> {
    let is_lines = matches!(format, Format::NTriples | Format::NQuads);
    let unfit = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
    let mut writer: WriterQuadSerializer<_> = serializer(format, &PREFIXES)
        .map_err(unfit)?
        .for_writer(out);
    let mut edges = 0;
    for piece in pieces {
        let mut quads = record_quads(&piece);
        if !is_lines {
            quads.sort_by(compare_quads);
        }
        for quad in &quads {
            writer.serialize_quad(quad)?;
        }
        edges += piece.edges.len() as u64;
        progress(edges);
    }
    writer.finish()?.flush()?;
    Ok(())
}

/// Writes the edges of a made-up map as one plain table, which a folder may hold as `edges.csv`, and tells `progress`
/// how many are there.
///
/// The columns are `from,to,family,kind,since,lower,upper,unit,status`; the status is the last one reported.
///
/// # Errors
/// Anything that goes wrong with `out`.
///
/// # Example
/// ```
/// use powermap::format::write_edges;
/// use powermap::model::generate::{self, GenerateOptions};
///
/// let (from, to) = ("2020-01-01".parse()?, "2025-12-31".parse()?);
/// let options = GenerateOptions { players: 10, edges: 3, seed: 1, skew: 1.0, from, to };
/// let mut text = Vec::new();
/// write_edges(generate::deals(&options)?, &mut text, |_| ())?;
/// assert_eq!(text.split(|byte| *byte == b'\n').count(), 1 + 3 + 1);
/// assert!(text.starts_with(b"from,to,family,kind,since,lower,upper,unit,status\np"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_edges(
    deals: Deals,
    out: &mut dyn Write,
    mut progress: impl FnMut(u64),
) -> io::Result<()> {
    let mut text = String::from("from,to,family,kind,since,lower,upper,unit,status\n");
    for deal in deals {
        for edge in &deal.edges {
            let (family, kind) = (edge.kind.family, edge.kind.name);
            let day = deal.announced;
            // Writing to a string cannot fail.
            let _ = write!(text, "p{},p{},{family},{kind},{day},", edge.from, edge.to);
            match edge.quantity {
                Some(quantity) => {
                    for bound in [quantity.lower, quantity.upper] {
                        if let Some(bound) = bound {
                            let _ = write!(text, "{bound}");
                        }
                        text.push(',');
                    }
                    text.push_str(quantity.unit.code());
                }
                None => text.push_str(",,"),
            }
            text.push(',');
            text.push_str(edge.status().name());
            text.push('\n');
            if text.len() >= 1 << 16 {
                out.write_all(text.as_bytes())?;
                text.clear();
                progress(edge.number + 1);
            }
        }
    }
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}
