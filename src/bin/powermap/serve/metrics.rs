//! Counts for Prometheus, in its text format.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The upper ends of the classes of durations, in milliseconds.
const CLASSES: [u64; 10] = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000];

/// The counters and gauges of the server.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// Requests by route and status.
    requests: Mutex<BTreeMap<(String, u16), u64>>,
    durations: [AtomicU64; CLASSES.len()],
    micros: AtomicU64,
    count: AtomicU64,
    connections: AtomicI64,
    at_work: AtomicI64,
}

/// A connection or a request, until it is dropped.
pub(super) struct Counted<'m>(&'m AtomicI64);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(super) fn connection(&self) -> Counted<'_> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        Counted(&self.connections)
    }

    pub(super) fn request(&self) -> Counted<'_> {
        self.at_work.fetch_add(1, Ordering::Relaxed);
        Counted(&self.at_work)
    }

    /// Counts an answer.
    pub(super) fn answered(&self, route: &str, status: u16, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry((route.to_owned(), status)).or_default() += 1;
        drop(requests);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let class = CLASSES.iter().position(|end| micros <= end * 1_000);
        if let Some(class) = class {
            self.durations[class].fetch_add(1, Ordering::Relaxed);
        }
        self.micros.fetch_add(micros, Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns everything in the text format of Prometheus.
    pub(super) fn text(&self) -> String {
        let mut text = "# HELP powermap_requests_total Requests by route and status.\n\
             # TYPE powermap_requests_total counter\n"
            .to_owned();
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((route, status), count) in &*requests {
            text.push_str(&format!(
                "powermap_requests_total{{route=\"{route}\",status=\"{status}\"}} {count}\n"
            ));
        }
        drop(requests);
        text.push_str(
            "# HELP powermap_request_duration_seconds How long answers took until they began.\n\
             # TYPE powermap_request_duration_seconds histogram\n",
        );
        let mut below = 0;
        for (end, class) in CLASSES.iter().zip(&self.durations) {
            below += class.load(Ordering::Relaxed);
            let end = *end as f64 / 1_000.0;
            text.push_str(&format!(
                "powermap_request_duration_seconds_bucket{{le=\"{end}\"}} {below}\n"
            ));
        }
        let count = self.count.load(Ordering::Relaxed);
        let seconds = self.micros.load(Ordering::Relaxed) as f64 / 1e6;
        text.push_str(&format!(
            "powermap_request_duration_seconds_bucket{{le=\"+Inf\"}} {count}\n\
             powermap_request_duration_seconds_sum {seconds}\n\
             powermap_request_duration_seconds_count {count}\n"
        ));
        for (name, help, value) in [
            (
                "powermap_connections",
                "Open connections.",
                &self.connections,
            ),
            (
                "powermap_requests_at_work",
                "Requests that are worked on.",
                &self.at_work,
            ),
        ] {
            let value = value.load(Ordering::Relaxed);
            text.push_str(&format!(
                "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"
            ));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_is_counted() {
        let metrics = Metrics::default();
        metrics.answered("/sparql", 200, Duration::from_millis(2));
        metrics.answered("/sparql", 200, Duration::from_secs(60));
        let open = metrics.connection();
        let text = metrics.text();
        for line in [
            "powermap_requests_total{route=\"/sparql\",status=\"200\"} 2",
            "powermap_request_duration_seconds_bucket{le=\"0.001\"} 0",
            "powermap_request_duration_seconds_bucket{le=\"30\"} 1",
            "powermap_request_duration_seconds_bucket{le=\"+Inf\"} 2",
            "powermap_connections 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        drop(open);
        assert!(metrics.text().contains("powermap_connections 0"));
    }
}
