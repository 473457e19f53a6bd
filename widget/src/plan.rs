//! What to write where: a number that stands is never lowered.

use crate::gap::{Gap, Number};
use crate::metric::{Named, VISITOR, falls};
use crate::text::{Text, fold, unit};
use crate::{gap, label, metric, placeholder};

/// What becomes of a place, as the first number of an edit says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Action {
    /// The number is written.
    Write = 0,
    /// It stands there already, or we don't know it.
    Keep = 1,
    /// A larger visitor number stands: the maintainer should import it.
    Larger = 2,
    /// A view count stands that may only be written over with `data-replace`.
    Held = 3,
    /// The element only wraps a number: it is shown.
    Show = 4,
}

/// A place on the line, and what becomes of it.
#[derive(Debug, PartialEq)]
pub struct Edit {
    /// What becomes of it.
    pub action: Action,
    /// What is replaced, as offsets into the line.
    pub from: usize,
    /// See [`Gap::from`].
    pub to: usize,
    /// Which count.
    pub metric: usize,
    /// How it is written, see [`Number::style`].
    pub style: u32,
    /// What stands there, or 0.
    pub shown: f64,
}

/// What a page may be filled with.
pub struct Fill<'a> {
    /// The counts in the order of `metric`; a negative one is not known.
    pub counts: &'a [f64],
    /// Whether counts that stand may be written over (`data-replace`, or we wrote there before).
    pub replace: bool,
    /// Whether what stands is a number we wrote.
    pub ours: bool,
    /// Whether the line stands in an article's head.
    pub in_head: bool,
}

impl Fill<'_> {
    /// Tells of each place on a line of the page's own text.
    pub fn line(&self, line: &mut Text, mut tell: impl FnMut(&Edit)) {
        fold(line);
        let (mut at, mut place) = (0, 0);
        while unit(line, at) > 0 {
            let found = placeholder::at(line, at).or_else(|| label::at(line, at, self.in_head, place));
            match found {
                Some(gap) => {
                    tell(&self.edit(&gap, gap.metric != VISITOR, gap.metric != VISITOR));
                    (at, place) = (gap.end, gap.end);
                }
                None => at += 1,
            }
        }
    }

    /// An element that shows one count, by its name, and from `start` the text in it.
    pub fn element(&self, text: &Text, start: usize) -> Option<Edit> {
        let Named { metric, is_container, is_foreign } = metric::named(text)?;
        let whole = gap::read(text, start).filter(|gap| unit(text, gap.end) == 0);
        let number = whole.and_then(|gap| gap.number).map(|number| Number { style: 0, ..number });
        let gap = Gap { end: 0, from: 0, to: 0, number, is_marked: true, metric };
        let mut edit = self.edit(&gap, false, if is_foreign { self.replace } else { falls(metric) });
        if is_container && edit.action == Action::Write {
            edit.action = Action::Show;
        }
        Some(edit)
    }

    /// `is_label`: the page's text names the count, and may mean another. `falls`: a larger number does not stand.
    fn edit(&self, gap: &Gap, is_label: bool, falls: bool) -> Edit {
        let Gap { metric, .. } = *gap;
        let count = self.counts.get(metric).copied().unwrap_or(-1.0);
        let Number { value: shown, style } = gap.number.unwrap_or(Number { value: 0.0, style: 0 });
        let action = match gap.number {
            _ if count < 0.0 => Action::Keep,
            None => Action::Write,
            Some(_) if shown == count => Action::Keep,
            Some(_) if self.ours => Action::Write,
            Some(_) if is_label && shown > 0.0 && !self.replace => Action::Held,
            Some(_) if shown > count && !falls => Action::Larger,
            Some(_) => Action::Write,
        };
        Edit { action, from: gap.from, to: gap.to, metric, style, shown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::*;
    use crate::text::of;

    const COUNTS: &[f64] = &[1024.0, 20.0, 10.0, 5.0, 4.0, 3.0, 2.0, -1.0];

    fn line(text: &str, replace: bool) -> Vec<(Action, usize, f64)> {
        let mut units = of(text);
        let mut edits = Vec::new();
        Fill { counts: COUNTS, replace, ours: false, in_head: false }
            .line(&mut units, |edit| edits.push((edit.action, edit.metric, edit.shown)));
        edits
    }

    #[test]
    fn a_number_that_stands_is_never_lowered() {
        for (text, replace, expected) in [
            ("您是第 位访客", false, (Action::Write, VISITOR, 0.0)),
            ("您是第 1023 位访客", false, (Action::Write, VISITOR, 1023.0)),
            ("您是第 1024 位访客", false, (Action::Keep, VISITOR, 1024.0)),
            ("您是第 1025 位访客", false, (Action::Larger, VISITOR, 1025.0)),
            ("您是第 1025 位访客", true, (Action::Larger, VISITOR, 1025.0)),
            ("总访问量：0", false, (Action::Write, SITE_VIEWS, 0.0)),
            ("总访问量：7", false, (Action::Held, SITE_VIEWS, 7.0)),
            ("总访问量：7", true, (Action::Write, SITE_VIEWS, 7.0)),
            ("本页访客数：", false, (Action::Keep, PAGE_VISITORS, 0.0)),
        ] {
            assert_eq!(line(text, replace), [expected], "{text}");
        }
    }

    #[test]
    fn a_line_may_hold_several_places() {
        let found = line("总访问量： 今日访问：  在线人数： 您是第 位访客", false);
        let metrics = |found: &[(Action, usize, f64)]| found.iter().map(|edit| edit.1).collect::<Vec<_>>();
        assert_eq!(metrics(&found), [SITE_VIEWS, VIEWS_TODAY, ONLINE, VISITOR]);
        for text in ["今日访问：0总访问：0", "今日访问：0次总访问：0次", "visits today: 0 visits: 0"]
        {
            assert_eq!(metrics(&line(text, false)), [VIEWS_TODAY, SITE_VIEWS], "{text}");
        }
    }

    #[test]
    fn an_element_is_filled_as_its_name_says() {
        let element = |name: &str, text: &str, replace, ours| {
            let units = of(&format!("{name}\0{text}"));
            let fill = Fill { counts: COUNTS, replace, ours, in_head: false };
            fill.element(&units, name.len() + 1).map(|edit| edit.action)
        };
        for (name, text, replace, expected) in [
            ("visitor", "", false, Some(Action::Write)),
            ("visitor", "…", false, Some(Action::Write)),
            ("visitor", "第？位", false, Some(Action::Write)),
            ("visitor", "2000", false, Some(Action::Larger)),
            ("site.views", "19", false, Some(Action::Write)),
            ("site.views", "21", false, Some(Action::Larger)),
            ("site.online", "9", false, Some(Action::Write)),
            ("busuanzi_value_site_pv", "0", false, Some(Action::Write)),
            ("busuanzi_value_site_pv", "7", false, Some(Action::Write)),
            ("busuanzi_value_site_pv", "21", false, Some(Action::Larger)),
            ("busuanzi_value_site_pv", "21", true, Some(Action::Write)),
            ("busuanzi_value_today_pv", "6", false, Some(Action::Larger)),
            ("busuanzi_container_site_pv", "共 7 次", false, Some(Action::Show)),
            ("busuanzi_container_site_pv", "共 次", false, Some(Action::Show)),
            ("busuanzi_container_page_uv", "", false, Some(Action::Keep)),
            ("site.likes", "", false, None),
        ] {
            assert_eq!(element(name, text, replace, false), expected, "{name} {text}");
        }
        for name in ["visitor", "page.views", "busuanzi_value_page_pv"] {
            assert_eq!(element(name, "2000", false, true), Some(Action::Write), "{name}: ours");
        }
    }
}
