//! The visitor's own switch: `#laifang-off` in the address stops counting this browser on this site, `#laifang-on`
//! resumes. Asks before it keeps anything; what it keeps is one word.
//!
//! Fetched only by those who ask for it, so it has no budget of bytes and is Rust with `web-sys` and `gloo` throughout.
//! Out of scope: heeding the switch, which `loader.js` does.

mod words;

use gloo::dialogs::{alert, confirm};
use wasm_bindgen::prelude::*;
use web_sys::{Storage, Window};
use words::{Language, Words};

/// What the browser keeps, under the name of the product.
const KEY: &str = "laifang";
const OFF: &str = "off";

/// What the address asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Off,
    On,
}

/// Asks what the address says, keeps the answer, and takes the question out of the address. `language` is the tag's
/// own `data-lang`, if it has one.
#[wasm_bindgen]
pub fn ask(language: Option<String>) {
    let Some(window) = web_sys::window() else { return };
    let Some(choice) = window.location().hash().ok().as_deref().and_then(choice_of) else { return };
    let words = words_of(&window, language);
    clear_address(&window);
    let question = match choice {
        Choice::Off => words.off,
        Choice::On => words.on,
    };
    if confirm(question) && !keep(&window, choice) {
        alert(words.failed);
    }
}

fn choice_of(hash: &str) -> Option<Choice> {
    match hash {
        "#laifang-off" => Some(Choice::Off),
        "#laifang-on" => Some(Choice::On),
        _ => None,
    }
}

fn words_of(window: &Window, language: Option<String>) -> &'static Words {
    let of_page = || gloo::utils::document_element().get_attribute("lang");
    let tag = language.or_else(of_page).filter(|tag| !tag.is_empty());
    Language::of_tag(&tag.or_else(|| window.navigator().language()).unwrap_or_default()).words()
}

/// A reload is not to ask again.
fn clear_address(window: &Window) {
    let location = window.location();
    let (Ok(path), Ok(search), Ok(history)) = (location.pathname(), location.search(), window.history())
    else {
        return;
    };
    let state = history.state().unwrap_or(JsValue::NULL);
    let _ = history.replace_state_with_url(&state, "", Some(&(path + &search)));
}

/// Whether the browser let us keep the choice.
fn keep(window: &Window, choice: Choice) -> bool {
    let storage: Option<Storage> = window.local_storage().ok().flatten();
    storage.is_some_and(|storage| match choice {
        Choice::Off => storage.set_item(KEY, OFF).is_ok(),
        Choice::On => storage.remove_item(KEY).is_ok(),
    })
}

/// The page's thread is the only one.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
// SAFETY: the widget's wasm is built without threads, and its memory is not shared.
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_two_words_are_a_choice() {
        for (hash, expected) in [
            ("#laifang-off", Some(Choice::Off)),
            ("#laifang-on", Some(Choice::On)),
            ("#laifang-offer", None),
            ("#", None),
            ("", None),
        ] {
            assert_eq!(choice_of(hash), expected, "{hash}");
        }
    }
}
