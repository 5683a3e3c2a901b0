//! The table of analyses, as verbs of the program.

use crate::support::analyses::required;
use powermap::analysis::all;
use std::process::Command;

#[test]
fn every_analysis_is_a_verb_with_its_parameters_columns_and_examples() {
    let powermap = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_powermap"))
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let help = powermap(&["--help"]);
    for analysis in all() {
        assert!(
            help.contains(&format!("  {} ", analysis.name)),
            "{}",
            analysis.name
        );
        let help = powermap(&[analysis.name, "--help"]);
        for parameter in analysis.parameters {
            let option = if parameter.is_positional {
                format!("<{}>", parameter.name.to_uppercase())
            } else {
                format!("--{}", parameter.name)
            };
            assert!(help.contains(&option), "{}: {option}", analysis.name);
        }
        for example in analysis.examples {
            assert!(help.contains(example), "{}", analysis.name);
            let words: Vec<_> = example
                .split(' ')
                .skip(1)
                .chain(["--limit-rows", "1"])
                .collect();
            let output = Command::new(env!("CARGO_BIN_EXE_powermap"))
                .args(&words)
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{example}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let mut arguments = vec![
            analysis.name.to_owned(),
            "--format".to_owned(),
            "csv".to_owned(),
        ];
        for (name, value) in required(analysis) {
            let is_positional = analysis.parameter(name).unwrap().is_positional;
            if !is_positional {
                arguments.push(format!("--{name}"));
            }
            arguments.push(value.to_owned());
        }
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let rows = powermap(&arguments);
        let columns: Vec<_> = analysis
            .columns
            .iter()
            .flat_map(|column| column.names())
            .collect();
        assert_eq!(
            rows.lines().next(),
            Some(columns.join(",").as_str()),
            "{}",
            analysis.name
        );
    }
}
