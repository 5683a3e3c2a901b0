//! Updates by the SPARQL 1.1 Protocol.

use crate::door::request::Seen;
use crate::failure::fail;
use crate::serve::app::App;
use crate::serve::guard::check_writing;
use crate::serve::problem::Problem;
use crate::serve::sparql::{Asked, graphs};
use anyhow::Result;
use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use powermap::map::MapChange;
use powermap::{Map, MapError};
use spargebra::GraphUpdateOperation;
use spargebra::algebra::QueryDataset;
use std::sync::Arc;

/// Runs an update.
pub(super) async fn update(
    app: Arc<App>,
    mut asked: Asked,
    seen: Seen,
) -> Result<Response<Body>, Problem> {
    check_writing(&app.settings, &asked.headers)?;
    let default = graphs(&mut asked.pairs, "using-graph-uri")?;
    let named = graphs(&mut asked.pairs, "using-named-graph-uri")?;
    let is_given = !default.is_empty() || !named.is_empty();
    let dataset = is_given.then_some(QueryDataset {
        default,
        named: Some(named),
    });
    let counts = app.work(seen.lang, move |app| {
        let mut counts = (0, 0);
        app.atlas.change(|map| {
            let change = plan(map, &asked, dataset)?;
            counts = (change.inserts.len(), change.deletes.len());
            Ok((counts != (0, 0)).then_some(change))
        })?;
        Ok(counts)
    });
    let (inserts, deletes) = counts.await?;
    tracing::info!(inserts, deletes, "changed");
    let body = serde_json::json!({"inserts": inserts, "deletes": deletes});
    let mut response = Response::new(Body::from(body.to_string() + "\n"));
    let media = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    Ok(response)
}

fn plan(map: &Map, asked: &Asked, dataset: Option<QueryDataset>) -> Result<MapChange> {
    let evaluator = map
        .evaluator()
        .with_base_iri(&asked.base)
        .map_err(MapError::from)?;
    let mut update = evaluator
        .parse_update(&asked.text)
        .map_err(MapError::from)?;
    if let Some(given) = dataset {
        for operation in &mut update.operations {
            if let GraphUpdateOperation::DeleteInsert { using, .. } = operation {
                if using.is_some() {
                    fail!(
                        "the update names its graphs with USING or WITH, and the request names others";
                        "name the graphs in one of the two"
                    );
                }
                *using = Some(given.clone());
            }
        }
    }
    Ok(map.plan_parsed_update(update)?)
}
