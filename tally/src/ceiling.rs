//! How many hits one address may send in a minute.
//!
//! Kept in memory only: a flood keeps its site awake, and a site that slept has nothing to fear from the
//! minute before. Addresses are keyed hashes, forgotten every minute.

use std::collections::BTreeMap;

/// Milliseconds of the window.
pub const WINDOW_MS: u64 = 60_000;

/// Hits of the running minute, by address.
#[derive(Debug, Clone, Default)]
pub struct Ceiling {
    began_ms: u64,
    hits: BTreeMap<u64, u64>,
}

impl Ceiling {
    /// Counts a hit; `Err` holds the milliseconds until the address may send again.
    pub fn admit(&mut self, now_ms: u64, address: u64, per_minute: u64) -> Result<(), u64> {
        if now_ms.saturating_sub(self.began_ms) >= WINDOW_MS {
            self.began_ms = now_ms;
            self.hits.clear();
        }
        let hits = self.hits.entry(address).or_default();
        if *hits >= per_minute {
            return Err(self.began_ms.saturating_add(WINDOW_MS).saturating_sub(now_ms).max(1));
        }
        *hits = hits.saturating_add(1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_send_so_many_a_minute_and_others_are_not_touched() {
        let mut ceiling = Ceiling::default();
        assert_eq!(
            (0..3).map(|_| ceiling.admit(100_000, 1, 2)).collect::<Vec<_>>(),
            [Ok(()), Ok(()), Err(60_000)]
        );
        assert_eq!(ceiling.admit(130_000, 1, 2), Err(30_000));
        assert_eq!(ceiling.admit(130_000, 2, 2), Ok(()));
        assert_eq!(ceiling.admit(160_000, 1, 2), Ok(()));
    }
}
