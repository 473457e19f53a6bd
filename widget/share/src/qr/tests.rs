//! Codes beside those of another encoder, and what is refused.

use super::*;
use qrcodegen_no_heap::{Mask, QrCode, QrCodeEcc, Version};

fn drawn(text: &str) -> Box<Code> {
    let mut code = Box::new(Code::new());
    draw(&mut code, text.as_bytes());
    code
}

fn draw(code: &mut Code, text: &[u8]) -> usize {
    text.iter().for_each(|byte| code.put(*byte));
    code.draw()
}

fn side(bytes: usize) -> usize {
    draw(&mut Code::new(), &vec![97; bytes])
}

/// Whether another encoder draws the same modules with one of the masks: which of them is best is a
/// matter of taste.
fn is_as_by_peer(code: &Code, text: &str, level: QrCodeEcc) -> bool {
    (0..8).any(|mask| {
        let (mut data, mut room) = ([0; Version::MAX.buffer_len()], [0; Version::MAX.buffer_len()]);
        data[..text.len()].copy_from_slice(text.as_bytes());
        let (version, mask) = (Version::new(25), Some(Mask::new(mask)));
        let peer = QrCode::encode_binary(
            &mut data,
            text.len(),
            &mut room,
            level,
            Version::MIN,
            version,
            mask,
            false,
        )
        .unwrap();
        let side = peer.size() + 8;
        side as usize == code.side + 8
            && (0..side * side).all(|index| {
                let (x, y) = (index % side, index / side);
                peer.get_module(x - 4, y - 4) == code.is_dark(x as usize, y as usize)
            })
    })
}

#[test]
fn every_version_is_drawn_as_another_encoder_draws_it() {
    for length in (0..=1_273).step_by(9).chain([331, 332, 1_273]) {
        let text: String = (0..length).map(|index| char::from(b'!' + (index * index % 90) as u8)).collect();
        let level = if length <= 331 { QrCodeEcc::Medium } else { QrCodeEcc::Low };
        assert!(is_as_by_peer(&drawn(&text), &text, level), "{length} bytes");
    }
}

#[test]
fn a_code_drawn_after_a_larger_one_and_a_refused_one_is_as_it_was() {
    let mut code = drawn("https://example.cn/");
    let before = code.modules;
    draw(&mut code, &[97; 1_000]);
    draw(&mut code, &[97; 100_000]);
    draw(&mut code, b"https://example.cn/");
    assert!(code.modules == before);
}

#[test]
fn a_long_address_steps_down_a_level_and_a_longer_one_is_refused() {
    assert_eq!(side(331), 69 + 8);
    assert_eq!(side(332), 65 + 8, "level L needs fewer modules");
    assert_eq!(side(1_273), 117 + 8);
    assert_eq!(side(1_274), 0);
    assert_eq!(side(100_000), 0);
}

#[test]
fn the_mask_is_the_one_with_the_least_penalty() {
    for text in
        ["https://example.cn/", "https://example.cn/a/b.html?id=7", &"a".repeat(100), &"%E8".repeat(99)]
    {
        let mut code = drawn(text);
        let (chosen, mask) = (code.penalty(), mask_of(&code));
        code.mask(mask);
        let penalties: Vec<u32> = (0..8)
            .map(|mask| {
                code.mask(mask);
                let penalty = code.penalty();
                code.mask(mask);
                penalty
            })
            .collect();
        assert_eq!(penalties.iter().min(), Some(&chosen), "{text}: {penalties:?}");
        assert!(penalties.iter().max() > Some(&chosen), "{text}: {penalties:?}");
    }
}

/// The mask the code's format names: three bits of it, themselves masked.
fn mask_of(code: &Code) -> u32 {
    (0..3).map(|bit| code.dark(4 - bit, 8) << bit).sum::<u32>() ^ 0b101
}
