//! Changes to a map on disk: all of them or none.

use crate::format::rdf_patch::{self, Patch};
use crate::store::atomic::{self, FolderLock};
use crate::store::error::StoreError;
use crate::store::files;
use crate::store::source::{SourceMap, blank_nodes};
use indexmap::IndexSet;
use oxigraph::model::{BlankNode, GraphName, NamedOrBlankNode, Quad, Term};
use rustc_hash::FxHashMap;

impl SourceMap {
    /// Takes `deletes` away, then adds `inserts`, and writes that to disk.
    ///
    /// The patch file is written whole to a temporary file next to it, synced, and renamed into place, so that a
    /// process that is killed at any moment leaves the old state or the new one. One writer at a time: others wait, and
    /// get an error when the map changed since they read it. New blank nodes get the name of the patch file and a
    /// number. Where the changes cancel out, the patch file goes away.
    ///
    /// Time as [`apply`](crate::store::memory::MemoryStore::apply), plus that of writing all
    /// changes since the text was written.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another process committed since this map was opened;
    /// [`StoreError::Io`] when the folder is gone or may not be written, or the disk is full. The
    /// map, in memory and on disk, is as it was before then.
    pub fn commit(&mut self, inserts: &[Quad], deletes: &[Quad]) -> Result<(), StoreError> {
        let _lock = match self.lock {
            Some(_) => None,
            None => Some(FolderLock::take(atomic::folder_of(&self.patch_path))?),
        };
        if files::read_if_there(&self.patch_path)? != self.patch_bytes {
            return Err(StoreError::Conflict {
                path: self.patch_path.clone(),
            });
        }
        let inserts = self.with_own_labels(inserts);
        let mut next = self.clone();
        next.store = self.store.apply(&inserts, deletes);
        let inserted: IndexSet<&Quad> = inserts.iter().collect();
        for quad in deletes.iter().filter(|quad| !inserted.contains(quad)) {
            next.inserts.swap_remove(quad);
            if self.text.contains(quad.as_ref()) {
                next.deletes.insert(quad.clone());
            }
        }
        for quad in &inserts {
            next.deletes.swap_remove(quad);
            if !self.text.contains(quad.as_ref()) {
                next.inserts.insert(quad.clone());
            }
        }
        next.write_patch()?;
        *self = next;
        Ok(())
    }

    /// Brings the patch file up to date. The caller holds the lock.
    fn write_patch(&mut self) -> Result<(), StoreError> {
        let empty = self.inserts.is_empty() && self.deletes.is_empty();
        let bytes = (!empty || !self.other_headers.is_empty()).then(|| {
            rdf_patch::serialise(&Patch {
                headers: self.headers(self.inserts.iter().chain(&self.deletes)),
                inserts: self.inserts.iter().cloned().collect(),
                deletes: self.deletes.iter().cloned().collect(),
            })
        });
        atomic::remove_leftovers(&self.patch_path);
        if bytes == self.patch_bytes {
            return Ok(());
        }
        match &bytes {
            Some(bytes) => atomic::write_file(&self.patch_path, bytes)?,
            None => atomic::remove_file(&self.patch_path)?,
        }
        self.patch_bytes = bytes;
        Ok(())
    }

    /// Renames the blank nodes of quads that the map does not know yet: by the name of the patch
    /// file and a number, so that the same changes give the same bytes.
    fn with_own_labels(&self, quads: &[Quad]) -> Vec<Quad> {
        let mut names = FxHashMap::default();
        let mut number = 0;
        for node in quads.iter().flat_map(blank_nodes) {
            if names.contains_key(node) {
                continue;
            }
            let known = |node: &BlankNode| self.store.term_id(node.as_ref().into()).is_some();
            let name = if known(node) {
                node.clone()
            } else {
                loop {
                    let name = BlankNode::new_unchecked(format!("{PATCH_LABEL}-{number}"));
                    number += 1;
                    if !known(&name) {
                        break name;
                    }
                }
            };
            names.insert(node.clone(), name);
        }
        quads.iter().map(|quad| rename(quad, &names)).collect()
    }
}

/// The prefix of the labels of blank nodes that updates created.
const PATCH_LABEL: &str = files::PATCH_NAME;

fn rename(quad: &Quad, names: &FxHashMap<BlankNode, BlankNode>) -> Quad {
    let name = |node: &BlankNode| names.get(node).unwrap_or(node).clone();
    Quad {
        subject: match &quad.subject {
            NamedOrBlankNode::BlankNode(node) => name(node).into(),
            other => other.clone(),
        },
        predicate: quad.predicate.clone(),
        object: match &quad.object {
            Term::BlankNode(node) => name(node).into(),
            other => other.clone(),
        },
        graph_name: match &quad.graph_name {
            GraphName::BlankNode(node) => name(node).into(),
            other => other.clone(),
        },
    }
}
