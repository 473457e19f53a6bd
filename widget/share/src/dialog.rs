//! The WeChat dialog: a code to scan, the address as text, a button that copies it.
//!
//! A native `<dialog>`: it takes the focus, gives it back, and Escape closes it.

use crate::share_box::ShareBox;
use crate::{dom, qr};
use gloo::events::EventListener;
use web_sys::{Element, HtmlDialogElement};

/// CSS pixels a module is drawn with at least.
const MODULE_PX: i32 = 4;

/// Opens it over the page.
pub fn open(share_box: &ShareBox, url: &str) {
    let _ = build(share_box, url);
}

fn build(share_box: &ShareBox, url: &str) -> Option<()> {
    let words = share_box.words;
    let dialog = dom::element("dialog", &[("part", "dialog"), ("aria-label", words.scan)], "")?;
    match code(url, words.scan) {
        Some(code) => dialog.append_child(&code).ok()?,
        None => dialog.append_child(&dom::element("p", &[], words.too_long)?.into()).ok()?,
    };
    let scan = dom::element("p", &[], words.scan)?;
    let address = dom::element("p", &[("part", "address")], url)?;
    let copy = dom::element("button", &[("type", "button")], words.copy)?;
    let close = dom::element("button", &[("type", "button")], words.close)?;
    for child in [&scan, &address, &copy, &close] {
        dialog.append_child(child).ok()?;
    }
    share_box.root.append_child(&dialog).ok()?;
    let dialog: HtmlDialogElement = dom::cast(dialog)?;
    let (copying, copied_url) = (share_box.clone(), url.to_owned());
    EventListener::new(&copy, "click", move |_| copying.copy("copy", copied_url.clone())).forget();
    let closing = dialog.clone();
    EventListener::new(&close, "click", move |_| closing.close()).forget();
    let backdrop = dialog.clone();
    EventListener::new(&dialog, "click", move |event| {
        let on_itself = event.target().is_some_and(|target| target == backdrop.clone().into());
        if on_itself {
            backdrop.close();
        }
    })
    .forget();
    let gone = dialog.clone();
    EventListener::new(&dialog, "close", move |_| gone.remove()).forget();
    dialog.show_modal().ok()
}

fn code(url: &str, name: &str) -> Option<Element> {
    let drawing = qr::draw(url)?;
    let pixels = (drawing.size * MODULE_PX).to_string();
    let view = format!("0 0 {0} {0}", drawing.size);
    let image = dom::svg(
        "svg",
        &[
            ("viewBox", &view),
            ("width", &pixels),
            ("height", &pixels),
            ("role", "img"),
            ("aria-label", name),
            ("part", "code"),
        ],
    )?;
    let ground = dom::svg("path", &[("fill", "#fff"), ("d", &format!("M0 0h{0}v{0}H0z", drawing.size))])?;
    let dark = dom::svg("path", &[("fill", "#000"), ("d", &drawing.path)])?;
    image.append_child(&ground).ok()?;
    image.append_child(&dark).ok()?;
    Some(image)
}
