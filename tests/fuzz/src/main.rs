//! libFuzzer on the target that `LAIFANG_FUZZ_TARGET` names.
#![no_main]

use laifang_fuzz::{TARGETS, Target};
use std::sync::LazyLock;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("LAIFANG_FUZZ_TARGET").unwrap_or_default();
    let target = TARGETS.into_iter().find(|target| target.0 == name);
    target.unwrap_or_else(|| panic!("LAIFANG_FUZZ_TARGET names no target: `{name}`"))
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| TARGET.1(input));
