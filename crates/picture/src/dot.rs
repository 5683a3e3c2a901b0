//! Graphviz text, through `graphviz-rust`.
//!
//! Every name is a quoted string: quotes and backslashes are escaped, and `&` too, since Graphviz reads HTML entities
//! in any label. The tooltip of an edge lists the claims that it rests on; its link leads to its first source.

use crate::scene::{Arrow, Family, Firmness, Player, PlayerType, Scene};
use crate::text::{is_web, wrap};
use crate::theme::Theme;
use graphviz_rust::dot_structures::{
    Attribute, Edge, EdgeTy, Graph, GraphAttributes, Id, Node, NodeId, Stmt, Subgraph, Vertex,
};
use graphviz_rust::printer::{DotPrinter, PrinterContext};
use std::collections::BTreeMap;

/// Writes a scene as Graphviz DOT.
///
/// Players of one type share a cluster, and ranks run from those who give to those who get. Edges have the colours and
/// lines of their families.
///
/// ```
/// use powermap_picture::{Arrow, Family, Lang, Player, PlayerType, Scene, dot};
///
/// let mut scene = Scene::new("A loan", Lang::En);
/// let bank = scene.add_player(Player::new("bank", "The Bank", PlayerType::Bank));
/// let mill = scene.add_player(Player::new("mill", "The Mill", PlayerType::Company));
/// scene.add_arrow(Arrow::new(bank, mill, Family::Investment))?;
/// let text = dot(&scene);
/// assert!(text.starts_with("digraph powermap {") && text.contains("n0 -> n1"));
/// # Ok::<(), powermap_picture::PictureError>(())
/// ```
pub fn dot(scene: &Scene) -> String {
    let mut statements = vec![
        Stmt::GAttribute(GraphAttributes::Graph(vec![
            text("label", &scene.headline()),
            text("labelloc", "t"),
            text("fontname", "Helvetica,Arial,sans-serif"),
            text("charset", "UTF-8"),
            text("rankdir", "LR"),
            text("newrank", "true"),
            text("nodesep", "0.35"),
            text("ranksep", "1.1"),
        ])),
        Stmt::GAttribute(GraphAttributes::Node(vec![
            text("shape", "box"),
            text("style", "rounded,filled"),
            text("fillcolor", "#ffffff"),
            text("fontname", "Helvetica,Arial,sans-serif"),
        ])),
        Stmt::GAttribute(GraphAttributes::Edge(vec![
            text("fontname", "Helvetica,Arial,sans-serif"),
            text("fontsize", "10"),
        ])),
    ];
    for kind in PlayerType::ALL {
        statements.extend(cluster(scene, *kind));
    }
    let columns = columns(scene);
    statements.extend(ranks(&columns));
    let edges = scene.arrows.iter();
    statements.extend(edges.map(|arrow| edge(scene, arrow, &columns)));
    let graph = Graph::DiGraph {
        id: Id::Plain("powermap".to_owned()),
        strict: false,
        stmts: statements,
    };
    let mut written = graph.print(PrinterContext::default().with_semi());
    written.push('\n');
    written
}

/// Returns the cluster of the players of one type; nothing if there is none.
fn cluster(scene: &Scene, kind: PlayerType) -> Option<Stmt> {
    let of_kind = |player: &&(usize, &Player)| player.1.player_type == kind;
    let players: Vec<_> = scene.players.iter().enumerate().collect();
    let nodes: Vec<Stmt> = players
        .iter()
        .filter(of_kind)
        .map(|(place, player)| node(*place, player, scene))
        .collect();
    if nodes.is_empty() {
        return None;
    }
    let mut statements = vec![
        Stmt::Attribute(text("label", scene.lang.text(kind.plural()))),
        Stmt::Attribute(text("style", "rounded")),
        Stmt::Attribute(text("color", "#b9b09f")),
        Stmt::Attribute(text("fontcolor", "#5d584f")),
    ];
    statements.extend(nodes);
    Some(Stmt::Subgraph(Subgraph {
        id: Id::Plain(format!("cluster_{}", kind.name().replace('-', "_"))),
        stmts: statements,
    }))
}

fn node(place: usize, player: &Player, scene: &Scene) -> Stmt {
    let name = wrap(&player.name, 12.0, 150.0, 3).join("\n");
    let mut attributes = vec![text("label", &name)];
    if player.folded.is_empty() {
        let about = scene.lang.edges(player.degree);
        attributes.push(text("tooltip", &format!("{}: {about}", player.name)));
        attributes.push(text("URL", &player.iri));
    } else {
        attributes.push(text("tooltip", &player.folded.join(", ")));
        attributes.push(text("style", "rounded,filled,dashed"));
    }
    if place == 0 {
        attributes.push(text("penwidth", "2.5"));
    }
    Stmt::Node(Node {
        id: node_id(place),
        attributes,
    })
}

/// Returns the column of each player, from left to right: persons, those who give more than they get, the strongest of
/// all, those who get, and ventures. Investments and supplies count as given, by arrows.
fn columns(scene: &Scene) -> Vec<usize> {
    let mut given = vec![0_i64; scene.players.len()];
    for arrow in &scene.arrows {
        if arrow.family != Family::Influence {
            given[arrow.from] += 1;
            given[arrow.to] -= 1;
        }
    }
    let column = |(place, player): (usize, &Player)| match player.player_type {
        PlayerType::Person => 0,
        _ if place == 0 => 2,
        PlayerType::Venture => 4,
        _ if given[place] > 0 => 1,
        _ => 3,
    };
    scene.players.iter().enumerate().map(column).collect()
}

/// Gives the players of a column one rank, and puts the columns in order.
fn ranks(columns: &[usize]) -> Vec<Stmt> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, column) in columns.iter().enumerate() {
        members.entry(*column).or_default().push(place);
    }
    let mut statements = Vec::new();
    for (column, places) in &members {
        let mut inside = vec![Stmt::Attribute(text("rank", "same"))];
        let node = |place: &usize| Node {
            id: node_id(*place),
            attributes: Vec::new(),
        };
        inside.extend(places.iter().map(|place| Stmt::Node(node(place))));
        statements.push(Stmt::Subgraph(Subgraph {
            id: Id::Plain(format!("column_{column}")),
            stmts: inside,
        }));
    }
    let firsts: Vec<usize> = members.values().map(|places| places[0]).collect();
    for pair in firsts.windows(2) {
        let end = |place| Vertex::N(node_id(place));
        statements.push(Stmt::Edge(Edge {
            ty: EdgeTy::Pair(end(pair[0]), end(pair[1])),
            attributes: vec![text("style", "invis"), text("weight", "20")],
        }));
    }
    statements
}

fn edge(scene: &Scene, arrow: &Arrow, columns: &[usize]) -> Stmt {
    let colour = Theme::Light.colours().family(arrow.family);
    let mut attributes = vec![
        text("label", &arrow.marked_label()),
        // Two colours draw two lines side by side.
        text(
            "color",
            &match arrow.family {
                Family::Supply => format!("{colour}:{colour}"),
                _ => colour.to_owned(),
            },
        ),
        text("fontcolor", colour),
        text("tooltip", &about(scene, arrow)),
        text(
            "penwidth",
            if arrow.main_value().is_some() {
                "2"
            } else {
                "1"
            },
        ),
    ];
    match arrow.firmness {
        Firmness::Firm => {}
        Firmness::Partly => attributes.push(text("style", "dashed,bold")),
        Firmness::Loose => attributes.push(text("style", "dashed")),
        Firmness::Unstated => attributes.push(text("style", "dotted")),
    }
    if arrow.is_mutual {
        attributes.push(text("dir", "none"));
    } else if arrow.family == Family::Influence {
        attributes.push(text("arrowhead", "empty"));
    }
    // An edge against the columns, or within one, must not move them.
    if columns[arrow.from] >= columns[arrow.to] {
        attributes.push(text("constraint", "false"));
    } else if arrow.leads {
        attributes.push(text("weight", "8"));
    }
    let url = arrow
        .label_sources()
        .into_iter()
        .filter_map(|number| scene.source(number)?.url.as_deref())
        .find(|url| is_web(url));
    if let Some(url) = url {
        attributes.push(text("URL", url));
    }
    let end = |place| Vertex::N(node_id(place));
    Stmt::Edge(Edge {
        ty: EdgeTy::Pair(end(arrow.from), end(arrow.to)),
        attributes,
    })
}

fn node_id(place: usize) -> NodeId {
    NodeId(Id::Plain(format!("n{place}")), None)
}

/// Returns kinds, edges, claims and sources of an arrow, a line each.
fn about(scene: &Scene, arrow: &Arrow) -> String {
    let name = |place: usize| scene.players[place].name.as_str();
    let way = if arrow.is_mutual { '↔' } else { '→' };
    let mut lines = vec![format!("{} {way} {}", name(arrow.from), name(arrow.to))];
    lines.push(arrow.kinds.join(", "));
    lines.extend(arrow.values.iter().map(|value| value.note(scene.lang)));
    lines.push(arrow.edges.join(", "));
    lines.push(arrow.claims.join(", "));
    for number in &arrow.sources {
        if let Some(source) = scene.source(*number) {
            let url = source.url.as_deref().unwrap_or_default();
            lines.push(
                format!("{number} {} {url}", source.name)
                    .trim_end()
                    .to_owned(),
            );
        }
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// Returns an attribute with a quoted value.
fn text(name: &str, value: &str) -> Attribute {
    Attribute(Id::Plain(name.to_owned()), Id::Escaped(quoted(value)))
}

/// Returns a string of DOT.
fn quoted(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for character in value.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '&' => quoted.push_str("&amp;"),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
