//! What the tests of several surfaces ask of the analyses.

use powermap::analysis::{Analysis, Presence};

/// Values for the parameters that have to be given.
pub(crate) fn required(analysis: &Analysis) -> Vec<(&'static str, &'static str)> {
    let needed = analysis
        .all_parameters()
        .filter(|p| p.presence == Presence::Required);
    let mut given: Vec<_> = needed
        .map(|parameter| {
            let value = match parameter.name {
                "d1" => "2025-09-01",
                "d2" => "2025-10-31",
                "source" => "nvidia",
                _ => "openai",
            };
            (parameter.name, value)
        })
        .collect();
    if analysis.name == "what-if" {
        given.push(("without", "nvidia"));
    }
    given
}
