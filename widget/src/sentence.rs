//! Puts the number into the page's own sentence.
//!
//! Text is read run by run: the text of one block with its inline children. The number goes into an inline
//! element that stands in the gap, so that the page's own style applies, else into the text itself.

use crate::dom;
use crate::placeholder::{self, Gap, is_filler, is_line};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Node};

/// What ends a line of text: all but inline elements, and elements another rule fills.
const BLOCK: &str = ":not(a):not(b):not(big):not(bdo):not(em):not(font):not(i):not(ins):not(label):not(mark)\
    :not(nobr):not(s):not(small):not(span):not(strong):not(sub):not(sup):not(tt):not(u),\
    [data-laifang],[data-laifang-filled]";

/// Elements whose text is not the page's prose.
const NEVER: &str =
    "script,style,textarea,pre,code,template,noscript,select,title,[contenteditable],[hidden]";

/// NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT
const SHOW_ELEMENTS_AND_TEXT: u32 = 0x1 | 0x4;

/// Something in a run: text, or an inline element without any. Offsets are bytes in the run's text.
struct Item {
    node: Node,
    is_text: bool,
    start: usize,
    end: usize,
}

#[derive(Default)]
struct Run {
    block: Option<Element>,
    is_prose: bool,
    text: String,
    items: Vec<Item>,
}

/// Fills the first sentence that asks for a visitor's number.
pub fn fill(document: &Document, number: u64) {
    let Ok(walker) = document.create_tree_walker_with_what_to_show(document, SHOW_ELEMENTS_AND_TEXT) else {
        return;
    };
    let mut run = Run::default();
    loop {
        let node = walker.next_node().ok().flatten();
        let block = node.as_ref().and_then(block_of);
        if block != run.block {
            if run.fill(number) {
                return;
            }
            let is_prose = block.as_ref().is_some_and(is_prose);
            run = Run { block, is_prose, ..Run::default() };
        }
        let Some(node) = node else { return };
        if run.is_prose {
            run.push(node);
        }
    }
}

/// The block whose line a node is part of.
fn block_of(node: &Node) -> Option<Element> {
    element_of(node)?.closest(BLOCK).ok()?
}

/// The node, if it is an element, else the element it stands in.
fn element_of(node: &Node) -> Option<Element> {
    if is_text(node) { node.parent_element() } else { Some(node.clone().unchecked_into()) }
}

fn is_text(node: &Node) -> bool {
    node.node_type() == Node::TEXT_NODE
}

fn is_prose(element: &Element) -> bool {
    matches!(element.closest(NEVER), Ok(None))
}

impl Run {
    fn push(&mut self, node: Node) {
        let start = self.text.len();
        let is_text = is_text(&node);
        if is_text {
            self.text.push_str(&node.node_value().unwrap_or_default());
        } else if node.has_child_nodes() || self.block.as_deref() == Some(&node) {
            return;
        }
        self.items.push(Item { node, is_text, start, end: self.text.len() });
    }

    /// Fills the run's sentence, if it has one; whether the search is over.
    fn fill(&self, number: u64) -> bool {
        let Some(gap) = placeholder::find(&self.text) else { return false };
        let touching = self.items.iter().filter(|item| item.start <= gap.end && item.end >= gap.start);
        let elements: Vec<Element> = touching.filter_map(|item| element_of(&item.node)).collect();
        if !elements.iter().all(is_prose) {
            return false;
        }
        match gap.number {
            Some(shown) if shown.value > number => dom::note_larger(),
            Some(shown) if shown.value == number => {}
            Some(shown) => self.write(shown.start, shown.end, number),
            None => match elements.iter().find(|element| holds_filler_alone(element)) {
                Some(element) => dom::write_number(element, number),
                None => self.write_between(gap, number),
            },
        }
        true
    }

    /// The text takes the number, with one character of the gap on either side.
    fn write_between(&self, gap: Gap, number: u64) {
        let first = self.text[gap.start..gap.end].chars().next();
        let Some(item) = self.text_item(gap.start, gap.start + width(first)) else { return };
        let end = if gap.end < item.end { gap.end } else { item.end };
        let last = self.text[gap.start..end].chars().next_back();
        self.write_item(item, gap.start + kept_width(first), end - kept_width(last), number);
    }

    /// The number takes the place of what stands from `start` to `end`.
    fn write(&self, start: usize, end: usize, number: u64) {
        if let Some(item) = self.text_item(start, end) {
            self.write_item(item, start, end, number);
        }
    }

    fn write_item(&self, item: &Item, until: usize, from: usize, number: u64) {
        let mut text = String::from(&self.text[item.start..until]);
        text.push_str(&dom::decimal(number));
        text.push_str(&self.text[from..item.end]);
        item.node.set_node_value(Some(&text));
    }

    /// The text that holds all from `start` to `end`.
    fn text_item(&self, start: usize, end: usize) -> Option<&Item> {
        self.items.iter().find(|item| item.is_text && item.start <= start && end <= item.end)
    }
}

fn holds_filler_alone(element: &Element) -> bool {
    element.text_content().is_some_and(|text| text.chars().all(is_filler))
}

fn width(char: Option<char>) -> usize {
    char.map_or(0, char::len_utf8)
}

/// Spaces stay beside the number, a drawn line does not.
fn kept_width(char: Option<char>) -> usize {
    width(char.filter(|char| !is_line(*char)))
}
