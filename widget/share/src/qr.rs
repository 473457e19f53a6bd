//! QR codes as the path of an SVG: one unit a module, quiet zone included.

use qrcodegen_no_heap::{QrCode, QrCodeEcc, Version};
use std::fmt::Write;

/// Light modules around the code, as the standard asks.
const QUIET_ZONE: i32 = 4;
/// The largest code: version 25, 117 modules, is what phones still read from a screen.
const MAX_VERSION: Version = Version::new(25);

/// A drawn code.
#[derive(Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Width and height in modules, quiet zone included.
    pub size: i32,
    /// The dark modules, as path data.
    pub path: String,
}

/// Draws `text`; level M, or L where M would not fit. Nothing, if it is too long for a readable code.
pub fn draw(text: &str) -> Option<Drawing> {
    let length = MAX_VERSION.buffer_len();
    let (mut scratch, mut code) = (vec![0; length], vec![0; length]);
    for level in [QrCodeEcc::Medium, QrCodeEcc::Low] {
        let drawn =
            QrCode::encode_text(text, &mut scratch, &mut code, level, Version::MIN, MAX_VERSION, None, false);
        if let Ok(drawn) = drawn {
            return Some(drawing(&drawn));
        }
    }
    None
}

fn drawing(code: &QrCode<'_>) -> Drawing {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let _ = write!(
                    path,
                    "M{} {}h{}v1H{}z",
                    start + QUIET_ZONE,
                    y + QUIET_ZONE,
                    x - start,
                    start + QUIET_ZONE
                );
            }
            x += 1;
        }
    }
    Drawing { size: code.size() + 2 * QUIET_ZONE, path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_address_makes_a_small_code() {
        let drawing = draw("https://example.cn/").unwrap();
        assert_eq!(drawing.size, 25 + 2 * QUIET_ZONE);
        assert!(drawing.path.starts_with("M4 4h7v1H4z"));
    }

    #[test]
    fn a_long_address_steps_down_a_level_and_a_longer_one_is_refused() {
        assert!(draw(&"a".repeat(1_100)).is_some());
        assert!(draw(&"a".repeat(3_000)).is_none());
    }
}
