//! The layout of Graphviz.

use crate::error::PictureError;
use crate::layout::compose::compose;
use crate::layout::fans::{arrows, pairs, without_self_arrows};
use crate::layout::geometry::{Cubic, Point, Rect, point};
use crate::layout::pieces::stand;
use crate::layout::sheet::{self, MARGIN};
use crate::layout::widths::thickness;
use crate::layout::{Drawing, PlacedArrow, PlacedPiece};
use crate::scene::Scene;
use serde::Deserialize;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The cell that a player takes up.
const WIDTH: f64 = 128.0;
const HEIGHT: f64 = 106.0;
/// Points in an inch, in which Graphviz measures nodes.
const INCH: f64 = 72.0;
/// How far an arrow ends from a piece or a name.
const GAP: f64 = 3.0;
/// How far its end is led on along the way that it has, until it comes to a piece or a name.
const REACH: usize = 90;

/// Returns whether a program of Graphviz, such as `dot`, can be started.
pub fn has_graphviz(engine: &str) -> bool {
    let version = Command::new(engine)
        .arg("-V")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

impl Drawing {
    /// Lays a scene out with a program of Graphviz (`dot`, `neato`, …).
    ///
    /// The program reads the scene from its standard input and is stopped when it takes longer than `limit`.
    ///
    /// # Errors
    /// The program is not installed, fails, takes too long, or gives an answer that cannot be read.
    pub fn graphviz(scene: Scene, engine: &str, limit: Duration) -> Result<Self, PictureError> {
        let scene = without_self_arrows(scene);
        let failed = |reason: String| PictureError::Graphviz {
            engine: engine.to_owned(),
            reason,
        };
        let answer = ask(engine, &question(&scene), limit).map_err(failed)?;
        let answer: Answer = serde_json::from_slice(&answer)
            .map_err(|error| failed(format!("its answer: {error}")))?;
        let bounds = numbers(&answer.bb);
        let [_, _, width, height] = bounds[..] else {
            return Err(failed("its answer has no size".to_owned()));
        };
        let board = Rect {
            x: MARGIN,
            y: MARGIN,
            width: width + 40.0,
            height: height + 40.0,
        };
        // The y axis of Graphviz points up.
        let at = |x: f64, y: f64| point(board.x + 20.0 + x, board.y + 20.0 + height - y);
        let mut middles: Vec<Option<Point>> = vec![None; scene.players.len()];
        for node in &answer.objects {
            let place = node
                .name
                .strip_prefix('n')
                .and_then(|n| n.parse::<usize>().ok());
            if let (Some(place), [x, y]) = (place, &numbers(&node.pos)[..])
                && let Some(middle) = middles.get_mut(place)
            {
                *middle = Some(at(*x, *y));
            }
        }
        let mut pieces = Vec::new();
        for (player, middle) in scene.players.iter().zip(middles) {
            let middle =
                middle.ok_or_else(|| failed(format!("its answer lacks {}", player.name)))?;
            pieces.push(stand(player, &Rect::around(middle, WIDTH, HEIGHT), 1.0));
        }
        let mut placed: Vec<Option<PlacedArrow>> = vec![None; scene.arrows.len()];
        for edge in &answer.edges {
            let number = edge
                .id
                .strip_prefix('e')
                .and_then(|n| n.parse::<usize>().ok());
            let Some((number, arrow)) = number.and_then(|n| Some((n, scene.arrows.get(n)?))) else {
                continue;
            };
            let mut curves = spline(&edge.pos, at);
            if !curves.is_empty() {
                led_on(&mut curves, &pieces[arrow.to]);
                turn(&mut curves);
                led_on(&mut curves, &pieces[arrow.from]);
                turn(&mut curves);
                let width = thickness(arrow);
                placed[number] = Some(PlacedArrow { curves, width });
            }
        }
        let own = arrows(&scene, board, &pairs(&scene), &pieces);
        let arrows = placed
            .into_iter()
            .zip(own)
            .map(|(placed, own)| placed.unwrap_or(own));
        let arrows = arrows.collect();
        let panel = sheet::set(&scene, sheet::Board::Fixed(board.width, board.height));
        Ok(compose(scene, board, pieces, arrows, [0, 0], panel))
    }
}

/// Leads the last of some curves on to a piece: Graphviz ends them at the cell around it.
fn led_on(curves: &mut Vec<Cubic>, piece: &PlacedPiece) {
    let Some(last) = curves.last() else { return };
    let [.., before, end] = last.points;
    let boxes = [piece.glyph.grown(GAP), piece.name.grown(GAP)];
    let hits = |at: &Point| boxes.iter().any(|rect| rect.has(*at));
    let along = |way: Point| {
        let steps = (0..REACH).map(|step| end.plus(way.x * step as f64, way.y * step as f64));
        steps.into_iter().find(hits)
    };
    let straight = along(before.direction(end));
    // An arrow that would pass by turns to the piece.
    let Some(tip) = straight.or_else(|| along(end.direction(piece.glyph.centre()))) else {
        return;
    };
    if end.distance(tip) > 0.5 {
        curves.push(Cubic::bowed(end, tip, 0.0));
    }
}

/// Turns curves round, so that the last one comes first.
fn turn(curves: &mut [Cubic]) {
    curves.reverse();
    curves.iter_mut().for_each(|curve| curve.points.reverse());
}

/// Returns the input of Graphviz: boxes of the right size, without labels.
fn question(scene: &Scene) -> String {
    let mut text = format!(
        "digraph {{ graph [nodesep=0.3 ranksep=0.9 splines=true overlap=false]\n\
         node [shape=box fixedsize=true label=\"\" width={:.3} height={:.3}]\nedge [arrowhead=none]\n",
        WIDTH / INCH,
        HEIGHT / INCH
    );
    for place in 0..scene.players.len() {
        text.push_str(&format!("n{place}\n"));
    }
    for (number, arrow) in scene.arrows.iter().enumerate() {
        let weight = if arrow.leads { 6 } else { 1 };
        text.push_str(&format!(
            "n{} -> n{} [id=e{number} weight={weight}]\n",
            arrow.from, arrow.to
        ));
    }
    text.push_str("}\n");
    text
}

/// Runs the program; threads pass its input and output, so that neither can block the other.
fn ask(engine: &str, question: &str, limit: Duration) -> Result<Vec<u8>, String> {
    let mut child = Command::new(engine)
        .arg("-Tjson0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "it is not installed".to_owned(),
            _ => error.to_string(),
        })?;
    let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // A program that reads no further has ended, which is seen below.
            let _ = input.map(|mut input| input.write_all(question.as_bytes()));
        });
        let output = scope.spawn(move || read(output));
        let errors = scope.spawn(move || read(errors));
        let ended = wait(&mut child, limit);
        let (output, errors) = (output.join(), errors.join());
        let status = ended?;
        if !status.success() {
            let errors = String::from_utf8_lossy(&errors.unwrap_or_default()).into_owned();
            let first = errors
                .lines()
                .next()
                .unwrap_or("no reason given")
                .to_owned();
            return Err(format!("it failed: {first}"));
        }
        output.map_err(|_| "its answer could not be read".to_owned())
    })
}

fn read(from: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut from) = from {
        // The reader judges what came before a failure.
        let _ = from.read_to_end(&mut bytes);
    }
    bytes
}

/// Waits for the program to end, and stops it when its time is over.
fn wait(child: &mut Child, limit: Duration) -> Result<std::process::ExitStatus, String> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if start.elapsed() < limit => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Ok(None) => {
                // Ended or not, it is waited for no longer.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("it took longer than {} s", limit.as_secs_f64()));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    bb: String,
    #[serde(default)]
    objects: Vec<Object>,
    #[serde(default)]
    edges: Vec<Line>,
}

#[derive(Deserialize)]
struct Object {
    name: String,
    #[serde(default)]
    pos: String,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: String,
    #[serde(default)]
    pos: String,
}

fn numbers(text: &str) -> Vec<f64> {
    let numbers = text.split([',', ' ']).map(|part| part.parse().ok());
    let numbers: Option<Vec<f64>> = numbers.collect();
    let is_finite = |numbers: &Vec<f64>| numbers.iter().all(|n| n.is_finite());
    numbers.filter(is_finite).unwrap_or_default()
}

/// Returns the curves of a spline: `x,y x,y …`, one point and three more for each curve.
fn spline(text: &str, at: impl Fn(f64, f64) -> Point) -> Vec<Cubic> {
    // Several splines, and ends of arrows, only come with other shapes of arrows.
    let part = text.split(';').next().unwrap_or_default();
    let points: Vec<Point> = numbers(part)
        .chunks_exact(2)
        .map(|p| at(p[0], p[1]))
        .collect();
    let windows = (0..points.len().saturating_sub(1)).step_by(3);
    windows
        .filter_map(|start| {
            let points = points.get(start..start + 4)?.try_into().ok()?;
            Some(Cubic { points })
        })
        .collect()
}
