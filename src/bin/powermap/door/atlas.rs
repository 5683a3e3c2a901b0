//! The map that the doors ask, and its views.

use crate::failure::fail;
use anyhow::Result;
use powermap::catalogue::Catalogue;
use powermap::map::MapChange;
use powermap::{Map, View};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// How many views are kept: each has a board of its own.
const VIEWS_MAX: usize = 16;

/// A map that is asked from several threads, each time from a view of its own.
pub(crate) struct Atlas {
    current: RwLock<Arc<Edition>>,
    /// Only one change at a time.
    changing: Mutex<()>,
    catalogue: Catalogue,
    name: String,
}

/// The map between two changes.
pub(crate) struct Edition {
    map: Map,
    hash: String,
    views: Mutex<VecDeque<(View, Map)>>,
}

/// Returns what a lock guards; what a panic left is whole, since nothing is changed in place.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Edition {
    fn new(map: Map) -> Result<Self> {
        Ok(Self {
            hash: map.content_hash()?,
            views: Mutex::default(),
            map,
        })
    }

    /// Returns the hash of what the map says.
    pub(crate) fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns the map as it was opened.
    pub(crate) fn map(&self) -> &Map {
        &self.map
    }

    /// Returns the map as seen from a view; the views that were asked for last are kept with their boards.
    pub(crate) fn seen_from(&self, view: View) -> Map {
        if view == self.map.view() {
            return self.map.clone();
        }
        let mut views = held(&self.views);
        let place = views.iter().position(|(known, _)| *known == view);
        let map = match place.and_then(|place| views.remove(place)) {
            Some((_, map)) => map,
            None => self.map.with_view(view),
        };
        views.push_front((view, map.clone()));
        views.truncate(VIEWS_MAX);
        map
    }
}

impl Atlas {
    pub(crate) fn new(map: Map, name: &str) -> Result<Self> {
        Ok(Self {
            current: RwLock::new(Arc::new(Edition::new(map)?)),
            changing: Mutex::default(),
            catalogue: Catalogue::built_in()?,
            name: name.to_owned(),
        })
    }

    /// Returns the map as it is now; it stays as it is for whoever has it.
    pub(crate) fn edition(&self) -> Arc<Edition> {
        let current = self.current.read();
        Arc::clone(&current.unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the named queries.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Returns what the map is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Changes the map: on its disk, then here. Only one change is made at a time, and the next one sees it.
    pub(crate) fn change(
        &self,
        plan: impl FnOnce(&Map) -> Result<Option<MapChange>>,
    ) -> Result<()> {
        let _alone = held(&self.changing);
        let before = self.edition();
        let Some(change) = plan(before.map())? else {
            return Ok(());
        };
        if before.map().source().is_none() {
            fail!(
                "the built-in map cannot be changed";
                "powermap export --output my-map/, then powermap serve --map my-map/ --writable …"
            );
        }
        let mut map = before.map().clone();
        map.apply(&change)?;
        let after = Arc::new(Edition::new(map)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = after;
        Ok(())
    }
}
