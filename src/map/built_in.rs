//! The text that is part of the program: the ontology, the shapes and the map of Silicon Valley.

/// The ontology, in Turtle.
pub const ONTOLOGY: &str = include_str!("../../data/ontology/powermap.ttl");
/// The SHACL shapes that a map has to conform to, in Turtle.
pub const SHAPES: &str = include_str!("../../data/ontology/shapes.ttl");

macro_rules! silicon_valley {
    ($($name:literal),* $(,)?) => {
        /// The files of the built-in map: name and Turtle text.
        pub const SILICON_VALLEY: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../data/silicon-valley/", $name)))),*
        ];
    };
}

silicon_valley!["article.ttl", "documents.ttl", "players.ttl", "reports.ttl"];
