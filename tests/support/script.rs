//! Programs that stand in for others.

use std::path::Path;
use std::process::Command;

/// Writes a shell script and makes it executable.
///
/// Another process does so. While this one had the file open for writing, a child that another test starts at that
/// moment would have it open too, and nothing can run a file that is open for writing.
pub(crate) fn write(path: &Path, text: &str) {
    let status = Command::new("sh")
        .args(["-c", "printf '%s' \"$1\" > \"$0\" && chmod 755 \"$0\""])
        .arg(path)
        .arg(text)
        .status()
        .unwrap();
    assert!(status.success());
}
