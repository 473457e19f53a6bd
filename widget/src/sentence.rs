//! Puts the number into the page's own sentence.
//!
//! Text is read run by run: the text of one block with its inline children. The number goes into an inline
//! element that stands in the gap, so that the page's own style applies, else into the text itself.

use crate::dom;
use crate::placeholder::{self, Gap, is_filler};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Node};

/// Elements that are part of the line they stand in.
const INLINE: &[&str] = &[
    "A", "B", "BIG", "BDO", "EM", "FONT", "I", "INS", "LABEL", "MARK", "NOBR", "S", "SMALL", "SPAN",
    "STRONG", "SUB", "SUP", "TT", "U",
];

/// Elements whose text is not the page's prose.
const NEVER: &str =
    "script,style,textarea,pre,code,template,noscript,select,title,[contenteditable],[hidden]";

/// NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT
const SHOW_ELEMENTS_AND_TEXT: u32 = 0x1 | 0x4;

/// Something in a run: text, or an inline element without any.
struct Item {
    node: Node,
    start: usize,
    end: usize,
}

#[derive(Default)]
struct Run {
    block: Option<Node>,
    text: String,
    items: Vec<Item>,
}

/// Fills the first sentence that asks for a visitor's number.
pub fn fill(document: &Document, number: u64) {
    let Some(body) = document.body() else { return };
    let Ok(walker) = document.create_tree_walker_with_what_to_show(&body, SHOW_ELEMENTS_AND_TEXT) else {
        return;
    };
    let mut run = Run::default();
    while let Ok(Some(node)) = walker.next_node() {
        let block = block_of(&node);
        if block != run.block {
            if run.fill(number) {
                return;
            }
            run = Run { block, ..Run::default() };
        }
        run.push(node);
    }
    run.fill(number);
}

/// The nearest ancestor that is no inline element.
fn block_of(node: &Node) -> Option<Node> {
    let mut ancestor = node.parent_node();
    while let Some(element) = ancestor.clone().and_then(|node| node.dyn_into::<Element>().ok()) {
        if !INLINE.contains(&element.tag_name().as_str()) {
            break;
        }
        ancestor = element.parent_node();
    }
    ancestor
}

fn is_prose(parent: Option<Element>) -> bool {
    parent.is_some_and(|parent| matches!(parent.closest(NEVER), Ok(None)))
}

impl Run {
    fn push(&mut self, node: Node) {
        let start = self.text.len();
        let is_empty_inline = node.dyn_ref::<Element>().is_some_and(|element| {
            INLINE.contains(&element.tag_name().as_str()) && element.first_child().is_none()
        });
        if node.node_type() == Node::TEXT_NODE {
            if !is_prose(node.parent_element()) {
                return;
            }
            self.text.push_str(&node.node_value().unwrap_or_default());
        } else if !is_empty_inline {
            return;
        }
        self.items.push(Item { node, start, end: self.text.len() });
    }

    fn fill(&self, number: u64) -> bool {
        let Some(gap) = placeholder::find(&self.text) else { return false };
        if gap.number.is_some_and(|shown| shown > number) {
            dom::note(
                "the page shows a larger number than the counter has; import it as the start to let us go on from it",
            );
            return true;
        }
        if gap.number.is_none() && self.fill_element(gap, number) {
            return true;
        }
        self.fill_text(gap, number)
    }

    /// An inline element in the gap takes the number.
    fn fill_element(&self, gap: Gap, number: u64) -> bool {
        let inside = self.items.iter().filter(|item| item.start >= gap.start && item.end <= gap.end);
        for item in inside {
            let element = match item.node.dyn_ref::<Element>() {
                Some(empty) => Some(empty.clone()),
                None => {
                    item.node.parent_element().filter(|parent| INLINE.contains(&parent.tag_name().as_str()))
                }
            };
            let holds_gap_alone = element
                .filter(|element| element.text_content().is_none_or(|text| text.chars().all(is_filler)));
            if let Some(element) = holds_gap_alone {
                dom::write_number(&element, number);
                return true;
            }
        }
        false
    }

    /// The text takes the number, with the spaces the gap had.
    fn fill_text(&self, gap: Gap, number: u64) -> bool {
        let Some(item) = self.items.iter().find(|item| {
            is_text(item)
                && item.start <= gap.start
                && gap.start <= item.end
                && (item.end > gap.start || gap.start == gap.end)
        }) else {
            return false;
        };
        let end = gap.end.min(item.end);
        if gap.number.is_some() && end < gap.end {
            return false;
        }
        let shown = &self.text[gap.start..end];
        let content = shown.trim_matches(is_filler);
        let before = &shown[..shown.len() - shown.trim_start_matches(is_filler).len()];
        let after = if content.is_empty() { before } else { &shown[before.len() + content.len()..] };
        let text = [
            &self.text[item.start..gap.start],
            before,
            &dom::decimal(number),
            after,
            &self.text[end..item.end],
        ]
        .concat();
        item.node.set_node_value(Some(&text));
        true
    }
}

fn is_text(item: &Item) -> bool {
    item.node.node_type() == Node::TEXT_NODE
}
