//! Every input of the corpus, findings included, holds.

use laifang_fuzz::TARGETS;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

/// The widget's room is one piece of memory.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn every_input_of_the_corpus_holds() {
    let _guard = ONE_AT_A_TIME.lock();
    for (name, check) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        let inputs: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!inputs.is_empty(), "{name} has no corpus");
        for input in inputs {
            println!("{}", input.display());
            check(&fs::read(input).unwrap());
        }
    }
}

/// Bytes that no corpus needs to hold.
#[test]
fn nothing_and_noise_hold() {
    let _guard = ONE_AT_A_TIME.lock();
    for (_, check) in TARGETS {
        check(&[]);
        (0..=255).for_each(|byte| check(&[byte; 40]));
    }
}
