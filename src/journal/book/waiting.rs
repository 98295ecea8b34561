//! Waiting until attempts are settled.

use std::sync::PoisonError;
use std::time::Duration;

use super::{Book, Journal};
use crate::journal::Exchange;

/// Fewer exchanges were settled by the deadline than were waited for.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{settled} of {expected} exchanges were settled within {waited:?}\n{table}")]
#[non_exhaustive]
pub struct WaitError {
    /// How many were waited for.
    pub expected: u64,
    /// How many there were.
    pub settled: u64,
    /// For how long.
    pub waited: Duration,
    table: String,
}

impl Journal {
    /// Blocks until `n` exchanges are settled in all, and returns the exchanges.
    ///
    /// # Errors
    ///
    /// After `deadline` with fewer than that; the error shows the journal's table.
    pub fn wait_for(&self, n: u64, deadline: Duration) -> Result<Vec<Exchange>, WaitError> {
        self.wait(deadline, |book| (book.settled, n))
    }

    /// Blocks until no exchange goes on, and returns the exchanges. An open connection on which nothing has come yet
    /// counts as one that goes on; one that a client only keeps for later does not.
    ///
    /// # Errors
    ///
    /// After `deadline` with something that still goes on; the error shows the journal's table.
    pub fn wait_until_settled(&self, deadline: Duration) -> Result<Vec<Exchange>, WaitError> {
        let count = |book: &Book| {
            let silent = book.open_connections.values().filter(|connection| connection.requests == 0).count();
            (book.settled, book.settled + (book.open_exchanges.len() + silent) as u64)
        };
        self.wait(deadline, count)
    }

    /// Waits until `count` says that the first number has reached the second.
    fn wait(&self, deadline: Duration, count: impl Fn(&Book) -> (u64, u64)) -> Result<Vec<Exchange>, WaitError> {
        let is_short = |book: &mut Book| {
            let (reached, expected) = count(book);
            reached < expected
        };
        let mut book = self.lock();
        book.waiting += 1;
        let (mut book, _) =
            self.shared.changed.wait_timeout_while(book, deadline, is_short).unwrap_or_else(PoisonError::into_inner);
        book.waiting -= 1;
        let (settled, expected) = count(&book);
        drop(book);
        if settled < expected {
            return Err(WaitError { expected, settled, waited: deadline, table: self.table().to_string() });
        }
        Ok(self.exchanges())
    }
}
