//! The box: a label, a button or link for each network, and a line that says how it went.

use crate::targets::{Action, DEFAULTS, Target, named};
use crate::words::{Language, Words};
use crate::{article, dialog, dom};
use gloo::events::{EventListener, EventListenerOptions};
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit, Element, ShadowRoot};

#[wasm_bindgen]
extern "C" {
    /// Copies a text, by whatever way the page's connection allows (`entry.js`).
    #[wasm_bindgen(js_namespace = laifangShare)]
    fn copy(text: &str, done: &Closure<dyn FnMut(bool)>);
    /// Reports a share to the counter; whatever becomes of it (`entry.js`).
    #[wasm_bindgen(js_namespace = laifangShare)]
    fn report(network: &str);
}

/// A box that stands on the page.
#[derive(Clone)]
pub struct ShareBox {
    /// The element the page has.
    pub host: Element,
    /// Its shadow tree.
    pub root: ShadowRoot,
    /// What it says.
    pub words: &'static Words,
    status: Element,
}

/// Fills the shadow tree of `host`, afresh each time.
#[wasm_bindgen]
pub fn render(host: Element, root: ShadowRoot) {
    while let Some(child) = root.first_child() {
        let _ = root.remove_child(&child);
    }
    let language = article::language(&host);
    let _ = build(host, root, language);
}

fn build(host: Element, root: ShadowRoot, language: Language) -> Option<()> {
    let words = language.words();
    let group =
        dom::element("div", &[("role", "group"), ("part", "box"), ("aria-label", words.share_to)], "")?;
    let label = dom::element("span", &[("part", "label"), ("aria-hidden", "true")], words.share_to)?;
    let status = dom::element("span", &[("role", "status"), ("part", "status")], "")?;
    group.append_child(&label).ok()?;
    let share_box = ShareBox { host: host.clone(), root: root.clone(), words, status: status.clone() };
    let networks = host.get_attribute("networks").filter(|names| !names.trim().is_empty());
    for target in named(networks.as_deref().unwrap_or(DEFAULTS[language as usize])) {
        let item = share_box.item(target, language)?;
        group.append_child(&item).ok()?;
    }
    group.append_child(&status).ok()?;
    root.append_child(&group).ok()?;
    Some(())
}

impl ShareBox {
    fn item(&self, target: &'static Target, language: Language) -> Option<Element> {
        let name = target.names[language as usize];
        let item = match target.action {
            Action::Open { .. } => dom::element(
                "a",
                &[("href", "#"), ("target", "_blank"), ("rel", "noopener noreferrer")],
                name,
            ),
            Action::Qr => dom::element("button", &[("type", "button"), ("aria-haspopup", "dialog")], name),
            Action::Copy => dom::element("button", &[("type", "button")], name),
        }?;
        let _ = item.set_attribute("part", &format!("network {}", target.id));
        let _ = item.set_attribute("data-network", target.id);
        let (share_box, clicked) = (self.clone(), item.clone());
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&item, "click", options, move |event| {
            share_box.clicked(target, &clicked, event);
        })
        .forget();
        Some(item)
    }

    fn clicked(&self, target: &'static Target, item: &Element, event: &web_sys::Event) {
        let article = article::read(&self.host);
        if !self.tell("laifang-share", target.id, &article.url, None) {
            event.prevent_default();
            return;
        }
        match target.action {
            Action::Qr => {
                dialog::open(self, &article.url);
                self.finished(target.id, &article.url, "opened");
            }
            Action::Copy => self.copy(target.id, article.url),
            Action::Open { base, parameters } => {
                let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
                let _ = item.set_attribute("href", &article.address(base, parameters, encode));
                self.finished(target.id, &article.url, "opened");
            }
        }
    }

    /// Copies the address and says how that went.
    pub fn copy(&self, network: &'static str, url: String) {
        let share_box = self.clone();
        let text = url.clone();
        let done = Closure::once(move |copied: bool| {
            let (words, outcome) =
                if copied { (share_box.words.copied, "copied") } else { (share_box.words.failed, "failed") };
            share_box.say(words);
            share_box.finished(network, &url, outcome);
        });
        copy(&text, &done);
        done.forget();
    }

    /// Announces a sentence, politely.
    pub fn say(&self, sentence: &str) {
        self.status.set_text_content(Some(sentence));
    }

    fn finished(&self, network: &'static str, url: &str, outcome: &str) {
        self.tell("laifang-shared", network, url, Some(outcome));
        if outcome != "failed" {
            report(network);
        }
    }

    /// Sends an event; false if somebody cancelled it.
    fn tell(&self, name: &str, network: &str, url: &str, outcome: Option<&str>) -> bool {
        let detail = Object::new();
        for (key, value) in [("network", Some(network)), ("url", Some(url)), ("outcome", outcome)] {
            if let Some(value) = value {
                let _ = Reflect::set(&detail, &key.into(), &value.into());
            }
        }
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_cancelable(outcome.is_none());
        init.set_detail(&detail);
        CustomEvent::new_with_event_init_dict(name, &init)
            .is_ok_and(|event| self.host.dispatch_event(&event).unwrap_or(true))
    }
}
