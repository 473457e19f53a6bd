//! How many wrong owner's tokens an address may send before it has to wait.
//!
//! Kept in memory only, so that a guess costs nothing to refuse. Out of scope: comparing tokens.

use crate::ceiling::Window;
use crate::visitor::{Secret, VisitorKey};

/// Shortest token that is not to be guessed at this pace.
pub const MIN_TOKEN_BYTES: usize = 16;
/// Wrong tokens an address may send in a window.
pub const MAX_WRONG: u64 = 10;
const WINDOW_MS: u64 = 60_000;

/// The wrong tokens of the running minute.
#[derive(Debug, Clone, Default)]
pub struct Guesses(Window);

impl Guesses {
    /// How long the address has to wait before a token of its is looked at, if it has guessed too often.
    pub fn wait_ms(&mut self, now_ms: u64, address: &str) -> Option<u64> {
        self.0.open(now_ms, WINDOW_MS);
        (self.0.of(key(address)) >= MAX_WRONG).then(|| self.0.wait_ms(now_ms, WINDOW_MS))
    }

    /// Notes a wrong token.
    pub fn note_wrong(&mut self, now_ms: u64, address: &str) {
        self.0.open(now_ms, WINDOW_MS);
        self.0.add(key(address), 1);
    }
}

/// Short, and the same for a whole IPv6 network; it never leaves memory, so its key need not be secret.
fn key(address: &str) -> u64 {
    VisitorKey::of_address(&Secret::default(), address).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_guesses_waits_for_the_end_of_the_minute_and_others_do_not() {
        let mut guesses = Guesses::default();
        for _ in 0..MAX_WRONG {
            assert_eq!(guesses.wait_ms(60_000, "2001:db8::1"), None);
            guesses.note_wrong(60_000, "2001:db8::1");
        }
        assert_eq!(guesses.wait_ms(70_000, "2001:db8::2"), Some(50_000), "the same network");
        assert_eq!(guesses.wait_ms(70_000, "192.0.2.1"), None);
        assert_eq!(guesses.wait_ms(120_000, "2001:db8::1"), None);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let mut guesses = Guesses::default();
        for _ in 0..MAX_WRONG {
            guesses.note_wrong(86_400_000, "192.0.2.1");
        }
        assert_eq!(guesses.wait_ms(86_399_000, "192.0.2.1"), Some(61_000));
        assert_eq!(guesses.wait_ms(60_000, "192.0.2.1"), None);
    }
}
