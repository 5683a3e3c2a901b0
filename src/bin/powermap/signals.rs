//! Ending in good order when the user or the system says so.

/// Removes temporary files when the process is told to stop (Ctrl-C, a kill), and ends it with 128 plus the number of the
/// signal, as shells do.
#[cfg(unix)]
pub(crate) fn watch() {
    use powermap_rdf::remove_temporaries;
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    // Without it, a stop leaves temporary files behind, which does no other harm.
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
        return;
    };
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            remove_temporaries();
            std::process::exit(128 + signal);
        }
    };
    let _ = std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(wait);
}

/// Elsewhere the system ends the process, and leaves temporary files where they are.
#[cfg(not(unix))]
pub(crate) fn watch() {}
