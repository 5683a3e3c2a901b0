//! The network of the built-in board: every edge is in it, and filters choose among them.

use powermap::Map;
use powermap::model::{Family, Status};
use powermap::network::{Filter, Network};

#[test]
fn the_network_of_the_built_in_board_has_its_edges_and_filters_them() {
    let map = Map::built_in().unwrap();
    let network = Network::from_board(map.records().unwrap(), map.board().unwrap()).unwrap();
    assert_eq!(
        network.graph.edge_count() as usize,
        map.board().unwrap().edges.len()
    );
    for edge in 0..network.graph.edge_count() {
        let record = &map.records().unwrap().edges[&network.id(edge)];
        assert_eq!(network.player(network.graph.source(edge)), record.from);
        assert_eq!(network.player(network.graph.target(edge)), record.to);
        assert_eq!(network.columns.family(edge), record.family);
    }
    let count = |filter: Filter| network.subset(&filter).count();
    let families: u32 = Family::ALL
        .iter()
        .map(|f| {
            count(Filter {
                families: vec![*f],
                ..Filter::default()
            })
        })
        .sum();
    assert_eq!(families, network.graph.edge_count());
    let binding = count(Filter {
        status_min: Some(Status::Committed),
        ..Filter::default()
    });
    let wanted = map
        .board()
        .unwrap()
        .edges
        .values()
        .filter(|r| r.status.is_some_and(Status::is_binding))
        .count();
    assert!(binding > 0 && binding as usize == wanted);
    assert!(
        count(Filter {
            amount_min: Some(1e11),
            ..Filter::default()
        }) >= 1
    );
    assert_eq!(
        count(Filter {
            day: Some(0),
            ..Filter::default()
        }),
        (0..network.graph.edge_count())
            .filter(|edge| network.columns.since(*edge) == i32::MIN)
            .count() as u32
    );
}
