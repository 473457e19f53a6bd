//! A thousand schedules in every test run; the binary runs as many as one likes.

use laifang_simulation::schedule;

#[test]
fn no_schedule_breaks_an_invariant() {
    for seed in 1..=1_000 {
        if let Err(broken) = schedule::run(seed) {
            panic!("seed {seed}: {broken}");
        }
    }
}
