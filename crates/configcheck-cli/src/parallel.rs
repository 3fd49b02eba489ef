//! Work on many items at once, with the results in the order of the items.

use std::panic::resume_unwind;
use std::thread;

/// The most items that one thread takes care of: it starts as fast as so many files are read.
const FEW: usize = 64;

/// The most threads.
const MOST_THREADS: usize = 8;

/// Does the same work on each item.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if items.len() <= FEW {
        return items.iter().map(work).collect();
    }
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS).min(items.len().div_ceil(FEW));
    let on_piece = |piece: &[T]| piece.iter().map(&work).collect::<Vec<R>>();
    thread::scope(|scope| {
        let mut pieces = items.chunks(items.len().div_ceil(threads));
        let own = pieces.next().unwrap_or_default();
        let others: Vec<_> = pieces.map(|piece| scope.spawn(move || on_piece(piece))).collect();
        let mut results = on_piece(own);
        for other in others {
            // The hook has told of the panic already.
            results.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        results
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_of_the_items() {
        for count in [0, 1, FEW, FEW + 1, 2 * FEW + 1, 1_001] {
            let items: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = (0..count).map(|item| item * 2).collect();
            assert_eq!(map(&items, |item| item * 2), doubled, "{count} items");
        }
    }
}
