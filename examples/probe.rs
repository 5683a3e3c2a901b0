use powermap::board::{
    gather::Options,
    layout::{chess, geometry::crossings, quality::line},
    scene::Scene,
};
use powermap::map::Map;
fn main() {
    let map = Map::built_in().unwrap();
    let d = chess::lay_out(Scene::of(&map.position(), &Options::default()).unwrap());
    let (mut same, mut share, mut none) = (0, 0, 0);
    let lines: Vec<_> = d.arrows.iter().map(line).collect();
    let a = &d.scene.arrows;
    let mut per = vec![0; d.scene.players.len()];
    for i in 0..a.len() {
        for j in 0..i {
            let c = crossings(&lines[i], &lines[j]);
            let e = [a[i].from, a[i].to];
            let f = [a[j].from, a[j].to];
            let k = e.iter().filter(|x| f.contains(x)).count();
            match k {
                2 => same += c,
                1 => {
                    share += c;
                    for x in e {
                        if f.contains(&x) {
                            per[x] += c
                        }
                    }
                }
                _ => none += c,
            }
        }
    }
    let mut t = std::collections::BTreeMap::<[usize; 2], (usize, usize, bool)>::new();
    for x in a {
        let k = [x.from.min(x.to), x.from.max(x.to)];
        let e = t.entry(k).or_default();
        e.0 += 1;
        e.1 += x.edges.len();
        e.2 |= x.leads;
    }
    for (k, v) in t {
        eprintln!("{} {} {} {} {}", k[0], k[1], v.0, v.1, v.2 as u8);
    }
    println!(
        "same pair {same}, share an end {share}, none {none}; {:?}",
        d.quality
    );
    for (p, n) in d.scene.players.iter().zip(per) {
        println!("{} {} {}", p.name, p.degree, n);
    }
}
#[allow(dead_code)]
fn dump() {}
