//! Parallel searches of cycles: each thread of the current rayon pool takes the next root when it is free.

use crate::cycles::local::Search;
use crate::cycles::sink::{Counter, Stream};
use crate::cycles::{Cycles, Ending, LengthCounts, broken};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A thread that has gathered this many numbers waits for the turn of its root.
const OWN_MAX: usize = 1 << 16;
/// Numbers that finished roots may hold in all until their turn.
const PARKED_MAX: usize = 1 << 20;

impl Cycles {
    /// Counts the cycles as [`Cycles::count`] does, on the threads of the current rayon pool.
    pub fn count_parallel(&self, length_max: u32, cancel: &AtomicBool) -> LengthCounts {
        let next = AtomicU64::new(0);
        let total = Mutex::new((Counter::default(), Ending::Complete));
        rayon::scope(|scope| {
            for _ in 0..rayon::current_num_threads() {
                scope.spawn(|_| {
                    let mut search = Search::new(self.hops.nodes.len(), length_max, cancel);
                    let mut counter = Counter::default();
                    let mut ending = Ending::Complete;
                    while let Some(root) = self.next_root(&next) {
                        if search.run(self.scope(root), &mut counter).is_break() {
                            ending = Ending::Cancelled;
                            break;
                        }
                    }
                    let mut total = locked(&total);
                    total.0.add(&counter);
                    if ending != Ending::Complete {
                        total.1 = ending;
                    }
                });
            }
        });
        let (counter, ending) = total.into_inner().unwrap_or_else(PoisonError::into_inner);
        counter.counts(ending)
    }

    /// Calls `visit` with the cycles of [`Cycles::for_each`], in the same order, found on the threads of the current
    /// rayon pool.
    ///
    /// One thread at a time calls `visit`. Cycles found before their turn are buffered in at most 4 MiB, and 256 KiB for
    /// each thread.
    pub fn for_each_parallel(
        &self,
        length_max: u32,
        cancel: &AtomicBool,
        visit: impl FnMut(&[u32]) -> ControlFlow<()> + Send,
    ) -> Ending {
        let next = AtomicU64::new(0);
        let queue = Queue {
            state: Mutex::new(State {
                turn: 0,
                parked: BTreeMap::new(),
                parked_len: 0,
                stopped: false,
                visit,
            }),
            changed: Condvar::new(),
        };
        rayon::scope(|scope| {
            for _ in 0..rayon::current_num_threads() {
                scope.spawn(|_| {
                    let _guard = StopOnPanic(&queue);
                    let mut search = Search::new(self.hops.nodes.len(), length_max, cancel);
                    while let Some(root) = self.next_root(&next) {
                        let mut found = Vec::new();
                        let mut stream = Stream::new(&self.hops.nodes, |cycle: &[u32]| {
                            found.push(cycle.len() as u32);
                            found.extend_from_slice(cycle);
                            if found.len() < OWN_MAX {
                                return ControlFlow::Continue(());
                            }
                            queue.emit(root, &mut found)
                        });
                        if search.run(self.scope(root), &mut stream).is_break() {
                            queue.stop();
                            break;
                        }
                        if queue.finish(root, found).is_break() {
                            break;
                        }
                    }
                });
            }
        });
        if locked(&queue.state).stopped {
            broken(cancel)
        } else {
            Ending::Complete
        }
    }

    fn next_root(&self, next: &AtomicU64) -> Option<u32> {
        let root = next.fetch_add(1, Ordering::Relaxed);
        (root < u64::from(self.hops.root_count)).then_some(root as u32)
    }
}

/// Puts the cycles that the threads find into the order of the roots.
///
/// Roots are assigned in order, so a thread works on the root whose turn it is or is inside of this queue; a waiting
/// thread never blocks that one.
struct Queue<F> {
    state: Mutex<State<F>>,
    changed: Condvar,
}

struct State<F> {
    /// The root whose cycles are visited now.
    turn: u32,
    /// The cycles of finished later roots.
    parked: BTreeMap<u32, Vec<u32>>,
    parked_len: usize,
    stopped: bool,
    visit: F,
}

impl<F: FnMut(&[u32]) -> ControlFlow<()>> State<F> {
    /// Calls the visitor with each cycle, and records whether it breaks.
    fn emit(&mut self, found: &[u32]) -> ControlFlow<()> {
        let mut rest = found;
        while let Some((length, more)) = rest.split_first() {
            let (cycle, more) = more.split_at(*length as usize);
            if (self.visit)(cycle).is_break() {
                self.stopped = true;
                return ControlFlow::Break(());
            }
            rest = more;
        }
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(&[u32]) -> ControlFlow<()>> Queue<F> {
    /// Visits a part of the cycles of a root, when its turn comes.
    fn emit(&self, root: u32, found: &mut Vec<u32>) -> ControlFlow<()> {
        let mut state = locked(&self.state);
        while state.turn != root && !state.stopped {
            state = self.wait(state);
        }
        if state.stopped {
            return ControlFlow::Break(());
        }
        let flow = state.emit(found);
        found.clear();
        if flow.is_break() {
            self.changed.notify_all();
        }
        flow
    }

    /// Visits the rest of the cycles of a root, or parks them if there is room.
    fn finish(&self, root: u32, found: Vec<u32>) -> ControlFlow<()> {
        let mut state = locked(&self.state);
        while state.turn != root && !state.stopped {
            if state.parked_len + found.len() <= PARKED_MAX {
                state.parked_len += found.len();
                state.parked.insert(root, found);
                return ControlFlow::Continue(());
            }
            state = self.wait(state);
        }
        if state.stopped {
            return ControlFlow::Break(());
        }
        let mut flow = state.emit(&found);
        state.turn += 1;
        while flow.is_continue() {
            let turn = state.turn;
            let Some(found) = state.parked.remove(&turn) else {
                break;
            };
            state.parked_len -= found.len();
            flow = state.emit(&found);
            state.turn += 1;
        }
        self.changed.notify_all();
        flow
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State<F>>) -> MutexGuard<'a, State<F>> {
        self.changed
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F> Queue<F> {
    fn stop(&self) {
        locked(&self.state).stopped = true;
        self.changed.notify_all();
    }
}

/// Stops the queue if the thread panics, so that the others do not wait for it.
struct StopOnPanic<'a, F>(&'a Queue<F>);

impl<F> Drop for StopOnPanic<'_, F> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

/// Locks even if another thread has panicked; the scope propagates the panic when it ends.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
