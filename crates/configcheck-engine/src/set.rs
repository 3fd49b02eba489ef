//! A set of futures that are polled side by side: only those that were woken, and each result when it comes.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Futures that are polled side by side.
pub(crate) struct Set<'a, T> {
    futures: BTreeMap<usize, (Boxed<'a, T>, Waker)>,
    next: usize,
    woken: Arc<Woken>,
}

/// Which futures want to be polled, and who is told of it.
#[derive(Default)]
struct Woken {
    state: Mutex<(VecDeque<usize>, Option<Waker>)>,
}

struct Child {
    number: usize,
    woken: Arc<Woken>,
}

impl Woken {
    fn push(&self, number: usize) {
        let parent = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.0.push_back(number);
            state.1.take()
        };
        if let Some(parent) = parent {
            parent.wake();
        }
    }
}

impl Wake for Child {
    fn wake(self: Arc<Self>) {
        self.woken.push(self.number);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.push(self.number);
    }
}

impl<'a, T> Set<'a, T> {
    pub(crate) fn new() -> Self {
        Self { futures: BTreeMap::new(), next: 0, woken: Arc::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.futures.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.futures.is_empty()
    }

    pub(crate) fn push(&mut self, future: impl Future<Output = T> + Send + 'a) {
        let number = self.next;
        self.next += 1;
        let waker = Waker::from(Arc::new(Child { number, woken: Arc::clone(&self.woken) }));
        self.futures.insert(number, (Box::pin(future), waker));
        self.woken.push(number);
    }

    /// The next result; pending while there is none, and for an empty set.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<T> {
        loop {
            let number = {
                let mut state = self.woken.state.lock().unwrap_or_else(PoisonError::into_inner);
                match state.0.pop_front() {
                    Some(number) => number,
                    None => {
                        state.1 = Some(context.waker().clone());
                        return Poll::Pending;
                    }
                }
            };
            let Some((future, waker)) = self.futures.get_mut(&number) else { continue };
            if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker)) {
                self.futures.remove(&number);
                return Poll::Ready(output);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::mpsc;
    use std::thread;

    use super::*;
    use crate::block_on;

    #[test]
    fn gives_each_result_when_it_comes() {
        let mut set = Set::new();
        let (sender, receiver) = mpsc::channel::<Waker>();
        for number in 0..50 {
            let sender = sender.clone();
            let mut polls = 0;
            set.push(poll_fn(move |context| {
                polls += 1;
                if polls == 3 {
                    return Poll::Ready(number);
                }
                sender.send(context.waker().clone()).map_or(Poll::Ready(usize::MAX), |()| Poll::Pending)
            }));
        }
        drop(sender);
        let other = thread::spawn(move || receiver.iter().for_each(Waker::wake));
        let mut results = Vec::new();
        block_on(async {
            while !set.is_empty() {
                results.push(poll_fn(|context| set.poll_next(context)).await);
            }
        });
        drop(set);
        results.sort_unstable();
        assert_eq!(results, (0..50).collect::<Vec<_>>());
        assert!(other.join().is_ok());
    }
}
